using ShellGuard.Linux.Launch;
using Xunit;

namespace ShellGuard.Linux.Tests.Launch;

/// <summary>The committed bytes are what the assembler makes of the committed sources.</summary>
public sealed class AssemblyTests
{
    [Fact]
    public void Launch_code_is_launch_s() => Assert.Equal(LaunchCode.Hex, Assemble("launch.s"));

    [Fact]
    public void Init_program_is_init_s() => Assert.Equal(InitProgram.Hex, Assemble("init.s"));

    [Fact]
    public void Porter_program_is_porter_s() => Assert.Equal(PorterProgram.Hex, Assemble("porter.s"));

    [Fact]
    public void Sweeper_program_is_sweeper_s() => Assert.Equal(SweeperProgram.Hex, Assemble("sweeper.s"));

    [Fact]
    public void Stub_program_is_stub_s() => Assert.Equal(StubProgram.Hex, Assemble("stub.s"));

    private static string Assemble(string source)
    {
        string directory = Directory.CreateTempSubdirectory("shellguard-as-").FullName;
        try
        {
            string unit = Path.Combine(directory, "unit.o");
            string bytes = Path.Combine(directory, "unit.bin");
            (int status, _, string errors) = CCompiler.Run(
                "as", "--64", "-o", unit, Path.Combine(Repository.Root, "src/ShellGuard.Linux/Launch", source));
            Assert.True(status == 0, errors);
            (status, _, errors) = CCompiler.Run("objcopy", "-O", "binary", "-j", ".text", unit, bytes);
            Assert.True(status == 0, errors);
            return Convert.ToHexString(File.ReadAllBytes(bytes)).ToLowerInvariant();
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
