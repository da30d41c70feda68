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
    private const int Above = 10;

    /// <summary>Builds the script. Pure but for a random number where <c>noexec</c> holds.</summary>
    public LaunchScript Build()
    {
        LeashEntry entry = Pipeline.Entry;
        ulong? cookie = entry.NoExec ? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) : null;
        LaunchScript script = new();
        LaunchSteps.AddStart(script, Group, Terminal, Input, Output);
        script.Add("where the entry says", SystemCall.fchdir, Pipeline.Directory.Number);
        AddLimits(script, entry.Limits);

        // The program's descriptor must not be one that is about to be used for something else.
        Descriptor program = (Stage.Interpreter ?? Stage.File).Executable;
        LaunchSlot executable = LaunchSteps.OutOfTheWay(script, "program", program.Number, Above);
        if (GivesScript)
        {
            LaunchSlot text = LaunchSteps.OutOfTheWay(script, "script", Stage.File.Executable.Number, Above);
            script.Add("the checked script, for its interpreter", SystemCall.dup2, text, PreparedStage.ScriptNumber);
        }

        LaunchSteps.AddClosing(script, GivesScript ? PreparedStage.ScriptNumber + 1 : PreparedStage.ScriptNumber);
        if (Pipeline.User is { } user)
        {
            LaunchSteps.AddUser(script, user.Account, user.Groups);
        }

        LaunchSteps.AddNoJobControl(script);
        LaunchSteps.AddSignals(script);
        StageRestrictions.Add(script, entry, cookie);
        script.Add(
            "the checked file itself, whatever its name leads to by now", SystemCall.execveat,
            executable, "", new TextArray(Stage.Arguments), new TextArray(Environment), Named(0x1000, "AT_EMPTY_PATH"),
            Named((long)(cookie ?? 0), cookie is null ? "0" : "cookie"));
        return script;
    }

    /// <summary>Whether an interpreter gets the script as an open file.</summary>
    private bool GivesScript => Stage.Interpreter is not null;

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
}
