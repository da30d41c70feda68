using System.Security.Cryptography;
using ShellGuard.Cells.Launching;
using ShellGuard.Leash.Configuration;
using ShellGuard.Leash.Integrity;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Launch;
using static ShellGuard.Linux.Launch.LaunchArgument;

namespace ShellGuard.Leash.Execution;

/// <summary>What one stage starts with, as the array of system calls that starts it.</summary>
/// <param name="Pipeline">What it belongs to.</param>
/// <param name="Stage">The stage.</param>
/// <param name="Environment">As <c>NAME=VALUE</c>.</param>
/// <param name="Input">Descriptor that becomes its standard input.</param>
/// <param name="Output">Descriptor that becomes its standard output.</param>
/// <param name="Group">The process group, or 0 for one of its own.</param>
/// <param name="Terminal">The terminal that its group gets; null where there is none to give.</param>
internal sealed record StageLaunch(
    PreparedPipeline Pipeline,
    PreparedStage Stage,
    IReadOnlyList<string> Environment,
    int Input,
    int Output,
    int Group,
    int? Terminal)
{
    /// <summary>Where a script's file is open for its interpreter.</summary>
    private const int ScriptDescriptor = 3;

    private const int Above = 10;
    private const int F_DUPFD_CLOEXEC = 1030;
    private const int CLOSE_RANGE_CLOEXEC = 4;
    private const int TIOCSPGRP = 0x5410;

    /// <summary>Signals that a caller may have left ignored, which an execve would hand on.</summary>
    private static readonly (int Number, string Name)[] Signals =
    [
        (1, "SIGHUP"), (2, "SIGINT"), (3, "SIGQUIT"), (13, "SIGPIPE"), (14, "SIGALRM"), (15, "SIGTERM"), (17, "SIGCHLD"),
        (21, "SIGTTIN"), (22, "SIGTTOU"),
    ];

    /// <summary>Builds the script. Pure but for a random number where <c>noexec</c> holds.</summary>
    public LaunchScript Build()
    {
        LeashEntry entry = Pipeline.Entry;
        ulong? cookie = entry.NoExec ? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) : null;
        LaunchScript script = new();
        script.Add(
            "it ends when the leash ends, however that ends",
            SystemCall.prctl, Named(1, "PR_SET_PDEATHSIG"), Named(9, "SIGKILL"), 0, 0, 0);
        AddGroup(script);
        AddStreams(script);
        script.Add("where the entry says", SystemCall.fchdir, Pipeline.Directory.Number);
        AddLimits(script, entry.Limits);

        // The program's descriptor must not be one that is about to be used for something else.
        Descriptor program = Stage.Cell?.Program ?? (Stage.Interpreter ?? Stage.File).Executable;
        LaunchSlot executable = script.Get(
            "program", "out of the way", SystemCall.fcntl,
            program.Number, Named(F_DUPFD_CLOEXEC, "F_DUPFD_CLOEXEC"), Above);
        if (GivesScript)
        {
            LaunchSlot text = script.Get(
                "script", "out of the way", SystemCall.fcntl,
                Stage.File.Executable.Number, Named(F_DUPFD_CLOEXEC, "F_DUPFD_CLOEXEC"), Above);
            script.Add("the checked script, for its interpreter", SystemCall.dup2, text, ScriptDescriptor);
        }

        script.Add(
            "nothing else is inherited", SystemCall.close_range,
            GivesScript ? ScriptDescriptor + 1 : ScriptDescriptor, Named(uint.MaxValue, "~0U"),
            Named(CLOSE_RANGE_CLOEXEC, "CLOSE_RANGE_CLOEXEC"));
        AddSignals(script);
        StageRestrictions.Add(script, entry, cookie);
        script.Add(
            "the checked file itself, whatever its name leads to by now", SystemCall.execveat,
            executable, "", new TextArray(Arguments()), new TextArray(Environment), Named(0x1000, "AT_EMPTY_PATH"),
            Named((long)(cookie ?? 0), cookie is null ? "0" : "cookie"));
        return script;
    }

    /// <summary>What the program gets as its arguments. A script's interpreter gets the open file instead of the name, which
    /// could lead elsewhere by now.</summary>
    public IReadOnlyList<string> Arguments() =>
        Stage.Cell is { } cell ? cell.Arguments(Stage.File.Path, Stage.Stage.Words.Skip(1))
        : Stage.Interpreter is { } interpreter
        ?
        [
            interpreter.Path, .. Stage.InterpreterArgument is { } argument ? [argument] : Array.Empty<string>(),
            $"/proc/self/fd/{ScriptDescriptor}", .. Stage.Stage.Words.Skip(1),
        ]
        : Stage.Stage.Words;

    /// <summary>Whether an interpreter gets the script as an open file.</summary>
    private bool GivesScript => Stage is { Interpreter: not null, Cell: null };

    private void AddGroup(LaunchScript script)
    {
        script.Add("one group for the pipeline", SystemCall.setpgid, 0, Group);
        if (Terminal is { } terminal && Group == 0)
        {
            // Signals are blocked, so the kernel lets a group in the background do this, tcsetpgrp(3).
            LaunchSlot own = script.Get("group", "of its own", SystemCall.getpid);
            script.Add(
                "in the foreground", SystemCall.ioctl, terminal, Named(TIOCSPGRP, "TIOCSPGRP"),
                new Block(new byte[4], [(0, own)], "[group]"));
        }
    }

    private void AddStreams(LaunchScript script)
    {
        // Both numbers are above 2, or what they should become already.
        if (Input != 0)
        {
            script.Add("what the stage before it writes, or nothing", SystemCall.dup2, Input, 0);
        }

        if (Output != 1)
        {
            script.Add("to the stage behind it", SystemCall.dup2, Output, 1);
        }
    }

    private static void AddLimits(LaunchScript script, EntryLimits limits)
    {
        AddLimit(script, 4, "RLIMIT_CORE", 0);
        AddLimit(script, 0, "RLIMIT_CPU", limits.ProcessorSeconds);
        AddLimit(script, 1, "RLIMIT_FSIZE", limits.FileSize);
        AddLimit(script, ResourceLimits.Processes, "RLIMIT_NPROC", limits.Processes);
        AddLimit(script, 9, "RLIMIT_AS", limits.Memory);

        // Nobody may raise what the caller has lowered, setrlimit(2).
        AddLimit(
            script, ResourceLimits.OpenFiles, "RLIMIT_NOFILE",
            limits.OpenFiles is { } files ? Math.Min(files, ResourceLimits.Hard(ResourceLimits.OpenFiles)) : null);
    }

    private static void AddLimit(LaunchScript script, int resource, string name, long? value)
    {
        if (value is { } limit)
        {
            script.Add(
                "a limit", SystemCall.prlimit64, 0, Named(resource, name),
                Structures.Numbers($"{{{limit}, {limit}}}", (ulong)limit, (ulong)limit), Null);
        }
    }

    private static void AddSignals(LaunchScript script)
    {
        foreach ((int number, string name) in Signals)
        {
            script.Add(
                "as a program expects it", SystemCall.rt_sigaction, Named(number, name),
                Structures.Numbers("SIG_DFL", 0, 0, 0, 0), Null, 8);
        }

        script.Add(
            "there is no job control to come back by", SystemCall.rt_sigaction, Named(20, "SIGTSTP"),
            Structures.Numbers("SIG_IGN", 1, 0, 0, 0), Null, 8);
        script.Add(
            "signals reach it", SystemCall.rt_sigprocmask, Named(2, "SIG_SETMASK"), Structures.Numbers("[]", 0), Null, 8);
    }
}
