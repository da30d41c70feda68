using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Terminals;

/// <summary>A traced command has the terminal as if nobody traced it.</summary>
public sealed class TraceTests
{
    [Theory, BothIdentities]
    public void It_stops_goes_on_and_is_interrupted_as_a_job(Identity identity)
    {
        using TestArea area = new(identity);
        area.Own();
        using TerminalDriver terminal = new(area, ["/bin/bash", "--norc", "-i"]);
        terminal.Line($"PS1='ready: '; {NativeBinary.Path} trace -q -o $HOME/own -- bash -c 'trap \"echo told\" INT; read x; echo got $x; read y'");
        Programs.WaitUntil(() => File.Exists($"{area.Home}/own"), "the command is being started");
        terminal.Line("first");
        terminal.WaitForLine("got first");
        terminal.Press("C-z");
        terminal.WaitFor("Stopped");
        terminal.Line("clear; fg");
        terminal.WaitFor(
            screen => !screen.Contains("got first", StringComparison.Ordinal) && screen.Contains("read y", StringComparison.Ordinal),
            "the job goes on");
        terminal.Press("C-c");
        terminal.WaitForLine("^Ctold");
        terminal.Line("second");
        terminal.Line("clear; echo status $?");
        terminal.WaitForLine("status 0");
        string last = Programs.Run("sh", "-c", $"zcat {area.Home}/own.strace.gz | tail -n 1").Output;
        Assert.Contains("+++ exited with 0 +++", last, StringComparison.Ordinal);
    }
}
