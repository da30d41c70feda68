using ShellGuard.Cells.Launching;
using ShellGuard.Leash.Integrity;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Launch;
using static ShellGuard.Linux.Launch.LaunchArgument;

namespace ShellGuard.Leash.Execution;

/// <summary>The start of this program itself as the one that makes a cell around a whole pipeline.</summary>
/// <param name="Pipeline">Its files stay the caller's.</param>
/// <param name="Environment">As <c>NAME=VALUE</c>.</param>
/// <param name="Input">Descriptor that becomes standard input.</param>
/// <param name="Report">The pipe back.</param>
/// <param name="Terminal">The terminal that it gets; null where there is none to give.</param>
internal sealed record CellLaunch(
    PreparedPipeline Pipeline, IReadOnlyList<string> Environment, int Input, Descriptor Report, int? Terminal)
{
    /// <summary>Above every number that is handed over.</summary>
    private const int Above = 256;

    /// <summary>Builds the script.</summary>
    public LaunchScript Build()
    {
        CellWrapper cell = Pipeline.Cell!;
        IReadOnlyList<Descriptor> files = CellHandOver.FilesOf(Pipeline);
        LaunchScript script = new();
        LaunchSteps.AddStart(script, group: 0, Terminal, Input, output: 1);
        script.Add("where the entry says", SystemCall.fchdir, Pipeline.Directory.Number);
        LaunchSlot program = OutOfTheWay(script, cell.Program);
        LaunchSlot report = OutOfTheWay(script, Report);
        LaunchSlot[] slots = new LaunchSlot[files.Count];
        for (int i = 0; i < slots.Length; i++)
        {
            slots[i] = OutOfTheWay(script, files[i]);
        }

        script.Add("how the stages ended", SystemCall.dup2, report, CellHandOver.ReportNumber);
        for (int i = 0; i < slots.Length; i++)
        {
            script.Add("a checked file", SystemCall.dup2, slots[i], CellHandOver.FirstFile + i);
        }

        LaunchSteps.AddClosing(script, CellHandOver.FirstFile + slots.Length);
        if (Pipeline.User is { } user)
        {
            LaunchSteps.AddUser(script, user.Account, user.Groups);
        }

        LaunchSteps.AddNoJobControl(script);
        LaunchSteps.AddSignals(script);
        script.Add(
            "this program, which makes the cell", SystemCall.execveat, program, "",
            new TextArray(CellHandOver.ArgumentsFor(Pipeline, cell)), new TextArray(Environment),
            Named(0x1000, "AT_EMPTY_PATH"));
        return script;
    }

    private static LaunchSlot OutOfTheWay(LaunchScript script, Descriptor file) =>
        LaunchSteps.OutOfTheWay(script, "file", file.Number, Above);
}
