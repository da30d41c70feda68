using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Launch;
using Xunit;

namespace ShellGuard.Linux.Tests.Launch;

/// <summary>A child that shares our memory must not meet the garbage collector: it would wait for a thread that does
/// not exist, for ever. So 1,000 launches while other threads allocate and collect.</summary>
public sealed class LaunchStormTests
{
    [Fact]
    public void A_thousand_launches_under_allocation_load()
    {
        using CancellationTokenSource over = new();
        Thread[] churning = [.. Enumerable.Range(0, 3).Select(_ => new Thread(() => Churn(over.Token)))];
        Array.ForEach(churning, thread => thread.Start());
        int collections = GC.CollectionCount(0);

        // A launch that hangs cannot be ended from here: its thread is abandoned with the process.
        int launched = 0;
        Exception? failure = null;
        Thread launching = new(() =>
        {
            try
            {
                for (; launched < 1000; launched++)
                {
                    Launch(launched % 3 == 0 ? Cell() : Minimal(), launched % 3 == 0 ? 7 : 0);
                }
            }
            catch (Exception caught)
            {
                failure = caught;
            }
        })
        {
            IsBackground = true,
        };
        launching.Start();
        bool ended = launching.Join(TimeSpan.FromMinutes(3));
        over.Cancel();
        Array.ForEach(churning, thread => thread.Join());
        Assert.True(ended, $"launch {launched} hangs");
        Assert.Null(failure);
        Assert.True(GC.CollectionCount(0) - collections > 100, "there was no load");
    }

    private static void Launch(LaunchScript script, int status)
    {
        using Launcher launcher = new(script);
        LaunchOutcome outcome = launcher.Run();
        Assert.True(outcome.Succeeded, $"{outcome.FailedStep}: {outcome.Error}");
        using (outcome.Process)
        {
            outcome.Process!.Wait(out ProcessExit exit).OrThrow();
            Assert.Equal(status, exit.Status);
        }
    }

    private static LaunchScript Minimal()
    {
        LaunchScript script = new();
        script.Add(
            "all there is to do", SystemCall.execve, "/bin/true",
            new LaunchArgument.TextArray(["true"]), new LaunchArgument.TextArray([]));
        return script;
    }

    /// <summary>Namespaces, mounts, and a second process, in the order of a cell.</summary>
    private static LaunchScript Cell()
    {
        LaunchScript script = new()
        {
            Namespaces = CloneFlags.NEWUSER | CloneFlags.NEWNS | CloneFlags.NEWPID | CloneFlags.NEWIPC
                | CloneFlags.NEWUTS | CloneFlags.NEWCGROUP | CloneFlags.NEWNET,
        };
        script.Add("death of the launching thread", SystemCall.prctl, 1, 9, 0, 0, 0);
        script.Add("mounts of its own", SystemCall.mount, LaunchArgument.Null, "/", LaunchArgument.Null, 0x44000, 0);
        for (int i = 0; i < 20; i++)
        {
            script.Add("private", SystemCall.mount, "tmpfs", "/tmp", "tmpfs", 0, 0);
        }

        script.Vfork("process 2", child =>
        {
            child.Add("a session", SystemCall.setsid);
            child.Add(
                "the command", SystemCall.execve, "/bin/true",
                new LaunchArgument.TextArray(["true"]), new LaunchArgument.TextArray([]));
        });
        script.Add(
            "process 1", SystemCall.execve, "/bin/sh",
            new LaunchArgument.TextArray(["sh", "-c", "exit 7"]), new LaunchArgument.TextArray([]));
        return script;
    }

    private static void Churn(CancellationToken over)
    {
        List<byte[]> kept = [];
        Random random = new(1);
        while (!over.IsCancellationRequested)
        {
            kept.Add(new byte[random.Next(10, 20_000)]);
            if (kept.Count > 2000)
            {
                kept.RemoveRange(0, 1500);
                GC.Collect(random.Next(3));
            }
        }
    }
}
