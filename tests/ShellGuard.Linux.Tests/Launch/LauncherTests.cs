using System.Globalization;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Launch;
using ShellGuard.Linux.Terminals;
using Xunit;
using static ShellGuard.Linux.Launch.LaunchArgument;

namespace ShellGuard.Linux.Tests.Launch;

/// <summary>Small scripts, really run.</summary>
public sealed class LauncherTests
{
    [Fact]
    public void A_command_runs_and_its_status_comes_back()
    {
        LaunchScript script = new();
        AddCommand(script, "/bin/sh", "sh", "-c", "exit 42");
        using ChildProcess process = Launched(script);
        process.Wait(out ProcessExit exit).OrThrow();
        Assert.Equal(42, exit.Status);
        Assert.Null(exit.Signal);
    }

    [Fact]
    public void Signals_are_as_a_program_expects_them()
    {
        LaunchScript script = new();
        AddCommand(script, "/bin/sh", "sh", "-c", "kill -TERM $$");
        using ChildProcess process = Launched(script);
        process.Wait(out ProcessExit exit).OrThrow();
        Assert.Equal(15, exit.Signal);
        Assert.Equal(143, exit.Status);
    }

    [Fact]
    public void A_missing_command_is_named_by_its_step()
    {
        LaunchScript script = new();
        AddCommand(script, "/no/such/program", "program");
        using Launcher launcher = new(script);
        LaunchOutcome outcome = launcher.Run();
        using ChildProcess process = Assert.IsType<ChildProcess>(outcome.Process);
        process.Wait(out ProcessExit exit).OrThrow();

        Assert.False(outcome.Succeeded);
        Assert.Equal(SystemCall.execve, outcome.FailedStep!.Call);
        Assert.Equal(Errno.ENOENT, outcome.Error);
        Assert.Equal(127, exit.Status);
    }

    [Fact]
    public void A_failing_step_is_named_and_nothing_runs_after_it()
    {
        string canary = Path.Combine(Path.GetTempPath(), $"shellguard-launch-{Guid.NewGuid():N}");
        LaunchScript script = new();
        script.Add("where the user is", SystemCall.chdir, "/no/such/directory");
        script.Add("never reached", SystemCall.mkdir, canary, 0x1c0);
        AddCommand(script, "/bin/true", "true");
        using Launcher launcher = new(script);
        LaunchOutcome outcome = launcher.Run();
        using ChildProcess process = Assert.IsType<ChildProcess>(outcome.Process);
        process.Wait(out _).OrThrow();

        Assert.Same(script.Steps[0], outcome.FailedStep);
        Assert.Equal(Errno.ENOENT, outcome.Error);
        Assert.False(Directory.Exists(canary));
    }

    [Fact]
    public void A_step_that_may_fail_stops_nothing()
    {
        LaunchScript script = new();
        script.Try("may fail", SystemCall.chdir, "/no/such/directory");
        AddCommand(script, "/bin/true", "true");
        using ChildProcess process = Launched(script);
        process.Wait(out ProcessExit exit).OrThrow();
        Assert.Equal(0, exit.Status);
    }

    [Fact]
    public void A_read_at_the_end_of_a_file_fails_where_more_was_expected()
    {
        LaunchScript script = new();
        LaunchSlot file = script.Get("null", "empty", SystemCall.open, "/dev/null", Named(0x80000, "O_CLOEXEC"));
        script.Expect(1, "wait", SystemCall.read, file, new Block(new byte[8], [], "buffer"), 1);
        AddCommand(script, "/bin/true", "true");
        using Launcher launcher = new(script);
        LaunchOutcome outcome = launcher.Run();
        using ChildProcess process = Assert.IsType<ChildProcess>(outcome.Process);
        process.Wait(out _).OrThrow();

        Assert.Same(script.Steps[1], outcome.FailedStep);
        Assert.Equal(Errno.None, outcome.Error);
    }

    [Fact]
    public void A_result_reaches_later_steps_and_structures()
    {
        string directory = Directory.CreateTempSubdirectory("shellguard-launch-").FullName;
        try
        {
            string output = Path.Combine(directory, "output");
            LaunchScript script = new();
            LaunchSlot file = script.Get(
                "file", "output", SystemCall.open, output, Named(0x80241, "O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC"), 0x180);
            byte[] vector = new byte[16];
            vector[8] = 6;
            script.Add(
                "by a pointer in a structure", SystemCall.writev, file, new Block(vector, [(0, "hello\n")], "iovec"), 1);
            script.Add("standard output", SystemCall.dup2, file, 1);
            AddCommand(script, "/bin/echo", "echo", "world");
            using ChildProcess process = Launched(script);
            process.Wait(out ProcessExit exit).OrThrow();
            Assert.Equal(0, exit.Status);
            Assert.Equal("hello\nworld\n", File.ReadAllText(output));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void Both_sides_of_a_vfork_go_on()
    {
        string directory = Directory.CreateTempSubdirectory("shellguard-launch-").FullName;
        try
        {
            LaunchScript script = new();
            script.Vfork("the child", child =>
            {
                child.Add("only the child", SystemCall.mkdir, $"{directory}/child", 0x1c0);
                AddCommand(child, "/bin/true", "true");
            });
            script.Add("only the parent", SystemCall.mkdir, $"{directory}/parent", 0x1c0);
            AddCommand(script, "/bin/sh", "sh", "-c", "exit 7");
            using ChildProcess process = Launched(script);
            process.Wait(out ProcessExit exit).OrThrow();
            Assert.Equal(7, exit.Status);
            Assert.True(Directory.Exists($"{directory}/child"));
            Assert.True(Directory.Exists($"{directory}/parent"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void A_failing_child_of_a_vfork_is_named()
    {
        LaunchScript script = new();
        script.Vfork("the child", child => AddCommand(child, "/no/such/program", "program"));
        AddCommand(script, "/bin/true", "true");
        using Launcher launcher = new(script);
        LaunchOutcome outcome = launcher.Run();
        using ChildProcess process = Assert.IsType<ChildProcess>(outcome.Process);
        process.Wait(out _).OrThrow();
        Assert.Same(script.Steps[2], outcome.FailedStep);
        Assert.Equal(Errno.ENOENT, outcome.Error);
    }

    [Fact]
    public void Init_ends_as_process_two_ended()
    {
        MemoryFiles.CreateProgram("init", InitProgram.Bytes, out Descriptor init).OrThrow();
        using Descriptor program = init;
        LaunchScript script = new() { Namespaces = CloneFlags.NEWUSER | CloneFlags.NEWPID };
        script.Vfork("process 2", child => AddCommand(child, "/bin/sh", "sh", "-c", "(exit 3); exit 9"));
        script.Add(
            "the reaper", SystemCall.execveat, program.Number, "", new TextArray(["init"]), new TextArray([]),
            Named(0x1000, "AT_EMPTY_PATH"));
        using ChildProcess process = Launched(script);
        process.Wait(out ProcessExit exit).OrThrow();
        Assert.Equal(9, exit.Status);
    }

    [Fact]
    public void Init_says_which_signal_stopped_process_two()
    {
        MemoryFiles.CreateProgram("init", InitProgram.Bytes, out Descriptor init).OrThrow();
        using Descriptor program = init;
        DescriptorIo.Pipe(out Descriptor stops, out Descriptor reports).OrThrow();
        using Descriptor read = stops;
        using Descriptor write = reports;
        LaunchScript script = new() { Namespaces = CloneFlags.NEWUSER | CloneFlags.NEWPID };
        script.Add("process 1 leads the session", SystemCall.setsid);
        script.Vfork("process 2", child =>
        {
            child.Add("a group of its own", SystemCall.setpgid, 0, 0);
            AddCommand(child, "/bin/sh", "sh", "-c", "kill -STOP $$; kill -TSTP $$; exit 5");
        });
        script.Add("for the reports", SystemCall.dup3, reports.Number, 1, 0);
        script.Add(
            "the reaper", SystemCall.execveat, program.Number, "", new TextArray(["init"]), new TextArray([]),
            Named(0x1000, "AT_EMPTY_PATH"));
        using ChildProcess process = Launched(script);
        byte[] report = new byte[1];
        foreach (int signal in (ReadOnlySpan<int>)[19, 20])
        {
            Assert.Equal(1, DescriptorIo.Read(read, report).OrThrow());
            Assert.Equal(signal, report[0]);
            int command = int.Parse(
                File.ReadAllText($"/proc/{process.Pid}/task/{process.Pid}/children"), CultureInfo.InvariantCulture);
            Assert.True(Processes.IsStopped(command));
            Processes.SignalGroup(command, 18).OrThrow();
        }

        process.Wait(out ProcessExit exit).OrThrow();
        Assert.Equal(5, exit.Status);
    }

    /// <summary>The child shares this process's memory until it executes; a collector that moves objects meanwhile
    /// must not disturb it.</summary>
    [Fact]
    public async Task Launches_survive_a_storm_of_collections()
    {
        using CancellationTokenSource stop = new();
        Task storm = Task.Run(() =>
        {
            List<byte[]> kept = [];
            while (!stop.IsCancellationRequested)
            {
                kept.Add(new byte[8192]);
                if (kept.Count == 2000)
                {
                    kept.Clear();
                    GC.Collect(1);
                }
            }
        });
        for (int i = 0; i < 100; i++)
        {
            LaunchScript script = new();
            AddCommand(script, "/bin/true", "true");
            using ChildProcess process = Launched(script);
            process.Wait(out ProcessExit exit).OrThrow();
            Assert.Equal(0, exit.Status);
        }

        await stop.CancelAsync();
        await storm;
    }

    private static ChildProcess Launched(LaunchScript script)
    {
        using Launcher launcher = new(script);
        LaunchOutcome outcome = launcher.Run();
        Assert.True(outcome.Succeeded, $"{outcome.FailedStep}: {outcome.Error}");
        Assert.Equal(outcome.Process!.Pid, launcher.Pid);
        return outcome.Process!;
    }

    private static void AddCommand(LaunchScript script, string program, params string[] arguments)
    {
        script.Add(
            "signals reach the command", SystemCall.rt_sigprocmask,
            Named(2, "SIG_SETMASK"), new Block(new byte[8], [], "[]"), Null, 8);
        script.Add("the command", SystemCall.execve, program, new TextArray(arguments), new TextArray([]));
    }
}
