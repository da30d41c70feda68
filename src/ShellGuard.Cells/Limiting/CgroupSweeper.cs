using ShellGuard.Cells.Launching;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Launch;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cells.Limiting;

/// <summary>A process of a page of memory that outlives a supervisor that is killed, for as long as it takes to remove
/// the session's control groups. It is outside the cell, in a session of its own, so that no signal of a terminal meets
/// it.</summary>
internal sealed class CgroupSweeper : IDisposable
{
    private readonly ChildProcess _process;
    private readonly Descriptor _life;

    private CgroupSweeper(ChildProcess process, Descriptor life)
    {
        _process = process;
        _life = life;
    }

    /// <param name="paths">The directories; they need not be there yet.</param>
    /// <param name="sweeper">Null when it failed.</param>
    public static LinuxResult Start(IReadOnlyList<string> paths, out CgroupSweeper? sweeper)
    {
        sweeper = null;
        LinuxResult piped = DescriptorIo.Pipe(out Descriptor read, out Descriptor life);
        if (piped.Failed)
        {
            return piped;
        }

        using Descriptor input = read;
        LinuxResult made = MemoryFiles.CreateProgram("shellguard-sweeper", SweeperProgram.Bytes, out Descriptor file);
        using Descriptor program = file;
        if (made.Failed)
        {
            life.Dispose();
            return made;
        }

        LaunchScript script = new();
        script.Add("no terminal", SystemCall.setsid);
        script.Add("no directory is kept in use", SystemCall.chdir, "/");
        LaunchSlot kept = LaunchSteps.OutOfTheWay(script, "program", program.Number, above: 3);
        script.Add("the supervisor's life", SystemCall.dup2, input.Number, 0);
        LaunchSlot nothing = script.Get("null", "for what it never says", SystemCall.open, "/dev/null", LaunchArgument.Named(0x80002, "O_RDWR|O_CLOEXEC"));
        script.Add("output", SystemCall.dup2, nothing, 1);
        script.Add("errors", SystemCall.dup2, nothing, 2);
        LaunchSteps.AddClosing(script, 3);
        script.Add(
            "the sweeper", SystemCall.execveat, kept, "", new LaunchArgument.TextArray(["shellguard-sweeper", .. paths]),
            new LaunchArgument.TextArray([]), LaunchArgument.Named(0x1000, "AT_EMPTY_PATH"));
        using Launcher launcher = new(script);
        LaunchOutcome outcome = launcher.Run();
        GC.KeepAlive(input);
        GC.KeepAlive(program);
        if (outcome.Succeeded)
        {
            sweeper = new CgroupSweeper(outcome.Process!, life);
            return default;
        }

        life.Dispose();
        outcome.Process?.Wait(out _);
        outcome.Process?.Dispose();
        return new LinuxResult(-1, outcome.Error, outcome.FailedStep?.Call ?? SystemCall.clone3, "what removes control groups after a kill");
    }

    /// <summary>Waits until it has ended. The groups are removed before, or it takes up to ten seconds.</summary>
    public void Dispose()
    {
        _life.Dispose();
        _process.Wait(out _);
        _process.Dispose();
    }
}
