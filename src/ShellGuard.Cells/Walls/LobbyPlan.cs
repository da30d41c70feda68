using ShellGuard.Cells.Planning;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cells.Supervision;
using ShellGuard.Core;
using ShellGuard.Core.Flow;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Walls;

/// <summary>Makes a cell a lobby: its commands are stubs, and somebody carries out what they ask for.</summary>
internal static class LobbyPlan
{
    private const string PathVariable = "PATH=";

    /// <summary>Where the stubs are kept in a session's storage.</summary>
    public static string DirectoryOf(string session) => $"{session}/lobby";

    /// <summary>The plan with stubs in the view and first in PATH.</summary>
    public static (CellPlan Plan, StubFarm Farm) Of(CellPlan plan, IHostFiles host, string session, WallRules walls)
    {
        CellCommand command = plan.Command ?? throw new ArgumentException("a lobby runs a shell", nameof(plan));
        string path = command.Environment.FirstOrDefault(
            variable => variable.StartsWith(PathVariable, StringComparison.Ordinal))?[PathVariable.Length..]
            ?? "/usr/local/bin:/usr/bin:/bin";
        StubFarm farm = new(path, plan.View, host, walls.Gates.Select(gate => gate.Gate.Name));
        string[] environment =
        [
            .. command.Environment.Where(variable => !variable.StartsWith(PathVariable, StringComparison.Ordinal)),
            $"{PathVariable}{farm.SearchPath}",
        ];
        return (plan with
        {
            View = StubFarm.AddTo(plan.View, DirectoryOf(session)),
            Command = command with { Environment = environment },

            // It gets pipes; what the user handed over stays with the supervisor.
            OutputFiles = [],
        }, farm);
    }

    /// <summary>What to tell a person whose working directory is another side's, so that the lobby begins in <c>/</c>; null where
    /// it does not.</summary>
    public static string? Elsewhere(CellPlan plan, Caller caller, LabelGroups groups)
    {
        if (plan.Command?.WorkingDirectory == caller.WorkingDirectory)
        {
            return null;
        }

        string[] seeing =
        [
            .. groups.All.Where(group => PathDecision.Of(group.Policy.Paths, caller.WorkingDirectory).Mode is not PathMode.Hidden)
                .SelectMany(group => group.Cells).Select(cell => $"shellguard run --in {cell.Name} -- COMMAND"),
        ];
        return $"the lobby begins in /, for it does not see {SafeText.Message(caller.WorkingDirectory)}"
            + (seeing.Length == 0 ? "" : $": {string.Join(", or ", seeing)} does");
    }

    /// <summary>Makes the flow graph with what the policy lets exist from the start.</summary>
    /// <exception cref="SessionException">The policy itself breaks a wall.</exception>
    public static Lobby Prepare(
        SessionContext session, LabelGroups groups, CellPlan plan, StubFarm farm, LobbyStreams streams,
        SessionRecorder recorder)
    {
        FlowPolicy policy = session.Request.Policy.Walls!.Flow;
        FlowKeeper flow = new(policy, operation => recorder.Record(FlowRecord.Of(policy, operation)));
        Sides sides = new(session, groups, flow, plan);
        return new Lobby(session, groups, sides, farm, streams, recorder);
    }
}
