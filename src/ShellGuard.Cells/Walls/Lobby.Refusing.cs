using ShellGuard.Core;
using ShellGuard.Core.Flow;

namespace ShellGuard.Cells.Walls;

/// <content>What is said and written down of a pipeline that does not run.</content>
internal sealed partial class Lobby
{
    private void Refuse(IReadOnlyList<PlacedStage> stages, FlowDenial denial)
    {
        LobbyRequest[] pipeline = [.. stages.Select(stage => stage.Request)];
        FlowText text = _sides.TextWith(RefusalNames.Of(stages, stage => _placement.FilesOf(stage.Request, stage.Arguments)));
        Report(pipeline, denial, text);
        Dismiss(pipeline);
    }

    private void Refuse(IReadOnlyList<LobbyRequest> pipeline, Unplaced unplaced)
    {
        if (Meeting.Of(_walls.Flow, unplaced) is { } denial)
        {
            Report(pipeline, denial, Meeting.Words);
            Dismiss(pipeline);
        }
        else
        {
            Refuse(pipeline, unplaced.Problem, BuiltIn("commands run where their files live"));
        }
    }

    private void Report(IReadOnlyList<LobbyRequest> pipeline, FlowDenial denial, FlowText text)
    {
        RuleSource rule = denial.Refusal.Conflict?.Rule ?? BuiltIn("no edge that the policy does not allow");
        string wayOn = denial.WayOn(text);
        Report(pipeline, Verdict.Deny(rule, denial.Reason(text), wayOn), [.. denial.Because(text), $"way on: {wayOn}"]);
    }

    private void Refuse(IReadOnlyList<LobbyRequest> pipeline, string reason, RuleSource rule)
    {
        Report(pipeline, Verdict.Deny(rule, reason, null), [reason]);
        Dismiss(pipeline);
    }

    /// <summary>Writes a refusal down and says it.</summary>
    /// <param name="lines">For the person, below the first line.</param>
    private void Report(IReadOnlyList<LobbyRequest> pipeline, Verdict verdict, IReadOnlyList<string> lines)
    {
        string what = string.Join(" | ", pipeline.Select(request => request.Name));
        List<ProcessIdentity> chain = [.. Supervision.Network.ProcessChain.Of(pipeline[0].Process)];
        if (chain.Count > 0)
        {
            chain[0] = chain[0] with { Program = _farm.ProgramOf(pipeline[0].Name) ?? pipeline[0].Name };
        }

        _recorder.Record(new Access(chain, Operation.Execute, what, verdict));
        if (_session.Terminal.HasTerminal)
        {
            lines.ToList().ForEach(_session.Terminal.Notices.Say);
        }
        else
        {
            // Where no person has a terminal, the program is told as much as everybody in the lobby may know: the rule.
            WriteTo(pipeline[0].Files[2], $"shellguard: denied by {verdict.Rule}: shellguard why says more\n");
        }
    }

    /// <summary>Ends what still waits for an answer.</summary>
    private void Dismiss(IReadOnlyList<LobbyRequest> pipeline)
    {
        foreach (LobbyRequest request in pipeline)
        {
            if (request.Stub is null)
            {
                Answer(request, NotExecutable);
            }

            request.Dispose();
        }
    }

    private static RuleSource BuiltIn(string text) => new("built-in", 0, 0, text);
}
