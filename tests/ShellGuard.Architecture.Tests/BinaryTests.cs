namespace ShellGuard.Architecture.Tests;

/// <summary>The native binary, which <c>./test</c> builds before the tests.</summary>
public sealed class BinaryTests
{
    private const long Budget = 15_000_000;

    [Fact]
    public void It_is_small()
    {
        FileInfo binary = new(Path.Combine(SourceTree.Root, "artifacts/native/shellguard"));
        Assert.True(binary.Exists, "not built; run build/native");
        Assert.InRange(binary.Length, 100_000, Budget);
    }

    [Fact]
    public void It_needs_no_privilege_of_its_own()
    {
        UnixFileMode mode = File.GetUnixFileMode(Path.Combine(SourceTree.Root, "artifacts/native/shellguard"));
        Assert.Equal(UnixFileMode.None, mode & (UnixFileMode.SetUser | UnixFileMode.SetGroup));
    }
}
