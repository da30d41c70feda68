using System.Diagnostics;
using System.Globalization;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Faults;

/// <summary>A supervisor that is stopped answers nothing: what it judges waits, and never goes on by itself.</summary>
public sealed class StopTests
{
    [Theory, BothIdentities]
    public async Task While_the_supervisor_is_stopped_nothing_that_it_judges_goes_on(Identity identity)
    {
        using TestArea area = new(identity);
        using Greeter greeter = new("welcome\n");
        area.Write("calls.sh", $"""
            exec 4>&1
            echo ready; read go
            /bin/echo executed >&4 &
            (exec 3<> /dev/tcp/127.0.0.1/{greeter.Port} && head -n 1 <&3 >&4) &
            (echo x > {area.Root}/direct/written && echo written >&4) &
            wait
            """);
        Directory.CreateDirectory($"{area.Root}/direct");
        using Process session = area.StartInside(
            ["--net", $"127.0.0.1:{greeter.Port}", "--direct", $"{area.Root}/direct"], "/bin/bash", "calls.sh");
        Assert.Equal("ready", session.StandardOutput.ReadLine());
        Signal("STOP", session);
        try
        {
            Programs.WaitUntil(
                () => Leftovers.Read($"/proc/{session.Id}/stat").Contains(") T ", StringComparison.Ordinal), "the supervisor stands still");
            session.StandardInput.WriteLine("go");
            session.StandardInput.Flush();
            Task<string> output = session.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            Programs.WaitUntil(
                () => Waiting(area).SetEquals(["59", "42", "257"]),
                () => $"execve, connect and openat wait; now {string.Join(' ', Waiting(area))}");

            // They wait for somebody who does not come, however long.
            Thread.Sleep(1000);
            Assert.Equal(["257", "42", "59"], Waiting(area).Order(StringComparer.Ordinal));
            Assert.False(output.IsCompleted);
            Assert.Equal(0, greeter.Greeted);
            Assert.False(File.Exists($"{area.Root}/direct/written"));
            Signal("CONT", session);
            Assert.True(session.WaitForExit(Programs.Patience));
            Assert.Equal(
                ["executed", "welcome", "written"],
                (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
            Assert.Equal(0, session.ExitCode);
        }
        finally
        {
            // A test that failed leaves nobody waiting.
            if (!session.HasExited)
            {
                session.Kill();
            }
        }
    }

    /// <summary>The system calls that processes of the cell are in, of the three that wait here.</summary>
    private static HashSet<string> Waiting(TestArea area) =>
    [
        .. Leftovers.CellProcesses(area).Select(process => Leftovers.Read($"{process}/syscall").Split(' ')[0])
            .Where(call => call is "59" or "42" or "257"),
    ];

    private static void Signal(string name, Process process) =>
        Programs.Run("kill", $"-{name}", process.Id.ToString(CultureInfo.InvariantCulture)).Succeed();
}
