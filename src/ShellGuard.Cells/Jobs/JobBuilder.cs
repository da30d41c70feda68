using ShellGuard.Cells.Launching;
using ShellGuard.Cells.Planning;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Launch;
using static ShellGuard.Linux.Launch.LaunchArgument;

namespace ShellGuard.Cells.Jobs;

/// <summary>Turns the stages of a job into the script that process 1 of the cell walks. Pure.</summary>
internal static class JobBuilder
{
    /// <summary>The number of the first descriptor that comes with a job, porter.s: its memory was the one before.</summary>
    private const int FirstGiven = 5;

    private const int TerminalOfPorter = 2;
    private const uint ReadableAndWritable = 0x1b6;

    /// <summary>Builds a job.</summary>
    /// <param name="plan">The cell's.</param>
    /// <param name="inForeground">Whether the job gets what is typed.</param>
    /// <param name="given">The descriptors that have to go with it, in their order.</param>
    public static LaunchScript Build(
        CellPlan plan, IReadOnlyList<JobStage> stages, bool inForeground, out IReadOnlyList<Descriptor> given)
    {
        List<Descriptor> descriptors = [];
        foreach (Descriptor descriptor in stages.SelectMany(Given))
        {
            if (!descriptors.Contains(descriptor))
            {
                descriptors.Add(descriptor);
            }
        }

        given = descriptors;
        LaunchScript script = new();
        LaunchSlot? leader = null;
        foreach (JobStage stage in stages)
        {
            LaunchSlot? first = leader;
            LaunchSlot process = script.Vfork(stage.Command.Program, child =>
            {
                AddToGroup(child, first, inForeground);
                AddFiles(child, plan, stage, descriptors);
                LaunchBuilder.AddExecution(
                    child, plan, stage.Command, NumberOf(stage.Executable, descriptors), NumberOf(stage.Script, descriptors));
            });
            leader ??= process;
        }

        return script;
    }

    /// <summary>A signal to a job, by the number of its first process in the cell.</summary>
    /// <param name="inForeground">Whether it gets what is typed from now on.</param>
    public static LaunchScript Signal(int leader, int signal, bool inForeground)
    {
        LaunchScript script = new();
        if (inForeground)
        {
            // The porter's signals are blocked, so the kernel lets it do this from the background, tcsetpgrp(3).
            script.Try(
                "to the foreground", SystemCall.ioctl, TerminalOfPorter, Named(TIOCSPGRP, "TIOCSPGRP"),
                new Block(BitConverter.GetBytes(leader), [], $"[{leader}]"));
        }

        script.Try("to everything in the job", SystemCall.kill, -leader, signal);
        return script;
    }

    private const int TIOCSPGRP = 0x5410;

    private static IEnumerable<Descriptor> Given(JobStage stage) =>
    [
        .. stage.Files.OfType<JobFile.Given>().Select(file => file.Descriptor),
        .. ((Descriptor?[])[stage.Executable, stage.Script]).OfType<Descriptor>(),
    ];

    private static int? NumberOf(Descriptor? descriptor, List<Descriptor> given) =>
        descriptor is null ? null : FirstGiven + given.IndexOf(descriptor);

    private static void AddToGroup(LaunchScript script, LaunchSlot? leader, bool inForeground)
    {
        if (leader is not null)
        {
            // A leader that ended is not reaped before the script was walked, so the group is there.
            script.Add("of the same job", SystemCall.setpgid, 0, leader);
            return;
        }

        script.Add("a job of its own", SystemCall.setpgid, 0, 0);
        if (inForeground)
        {
            LaunchSlot self = script.Get("self", "its number is the job's", SystemCall.getpid);
            script.Try(
                "in the foreground", SystemCall.ioctl, TerminalOfPorter, Named(TIOCSPGRP, "TIOCSPGRP"),
                new Block(new byte[4], [(0, self)], "[self]"));
        }
    }

    /// <summary>From 0 to 2: the terminal is at 2 and replaced last, and what comes with the job lies above.</summary>
    private static void AddFiles(
        LaunchScript script, CellPlan plan, JobStage stage, List<Descriptor> descriptors)
    {
        script.Add("modes of new files", SystemCall.umask, plan.FileModeMask);
        for (int number = 0; number < stage.Files.Count; number++)
        {
            switch (stage.Files[number])
            {
                case JobFile.CellTerminal when number == TerminalOfPorter:
                    break;
                case JobFile.CellTerminal:
                    script.Add("the cell's terminal", SystemCall.dup2, TerminalOfPorter, number);
                    break;
                case JobFile.SameAs same:
                    script.Add("the same", SystemCall.dup2, same.Number, number);
                    break;
                case JobFile.Given file:
                    script.Add("a pipe", SystemCall.dup2, FirstGiven + descriptors.IndexOf(file.Descriptor), number);
                    break;
                case JobFile.Path file:
                    LaunchSlot opened = script.Get(
                        "file", "as the shell would open it", SystemCall.open, file.Name,
                        Named((long)(file.Flags | OpenFlags.CLOEXEC | OpenFlags.NOCTTY), file.Flags.ToString()),
                        Named(ReadableAndWritable, "0666"));
                    script.Add("in its place", SystemCall.dup2, opened, number);
                    break;
                default:
                    throw new InvalidOperationException($"unknown file {stage.Files[number]}");
            }
        }
    }
}
