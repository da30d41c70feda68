using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Seccomp;
using Xunit;

namespace ShellGuard.Linux.Tests.Seccomp;

public sealed class FilterPrinterTests
{
    [Fact]
    public void ProgramListsEveryInstructionWithNames()
    {
        FilterProgram program = FilterCompiler.Compile(SystemCallTable.Default);
        string[] lines = FilterPrinter.PrintProgram(program).TrimEnd('\n').Split('\n');

        Assert.Equal(program.Instructions.Length, lines.Length);
        Assert.Equal("   0  load [4]                                    ; architecture", lines[0]);
        Assert.Equal("   1  if == 0xc000003e goto 3 else 2", lines[1]);
        Assert.Equal("   2  return 0x80000000                           ; kill", lines[2]);
        Assert.Contains(lines, line => line.EndsWith("; deny EAFNOSUPPORT", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith("; connect and above", StringComparison.Ordinal));

        // Every comparison by order is about the number and is named.
        Assert.All(
            lines.Where(line => line.Contains(">=", StringComparison.Ordinal)),
            line => Assert.Contains(';', line));
    }

    [Fact]
    public void X32StandsApartWhereItsDenialsAreReported()
    {
        SystemCallTable reporting = SystemCallTable.For(new FilterOptions { ReportDenials = true });
        string text = FilterPrinter.PrintProgram(FilterCompiler.Compile(reporting));

        Assert.Contains("; x32\n", text, StringComparison.Ordinal);
        Assert.Contains("; negative\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void TableListsEveryCallAndRule()
    {
        string text = FilterPrinter.PrintTable(SystemCallTable.Default);

        Assert.All(
            Enum.GetValues<SystemCall>(),
            call => Assert.Contains($"{(int)call,4} {call,-24} ", text, StringComparison.Ordinal));
        Assert.Contains(
            "     - deny EPERM when (int)arg1 == 0x5412: TIOCSTI types into a terminal, as if its user did\n",
            text,
            StringComparison.Ordinal);
        Assert.Contains("   - x32: deny ENOSYS\n", text, StringComparison.Ordinal);
    }
}
