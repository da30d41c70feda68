using ShellGuard.Cells.Gates;
using ShellGuard.Core;
using ShellGuard.Linux.Terminals;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Walls;

/// <content>What goes out of a side goes through a gate.</content>
internal sealed partial class Lobby
{
    private readonly List<LobbyGate> _gates = [];
    private int _programs;

    /// <summary>Whether the flow model lets anything pass at all, asked in a state that is thrown away.</summary>
    private FlowDenial? WouldRefuseGates(IReadOnlyList<PlacedStage> stages)
    {
        foreach (PlacedStage stage in stages)
        {
            if (stage.Gate is { } gate && _sides.WouldRefuse(gate, stage.Incoming) is { } denial)
            {
                return denial;
            }
        }

        return null;
    }

    /// <summary>Makes the gates of a pipeline ready, before anything of it runs.</summary>
    private OpenGates OpenAll(IReadOnlyList<PlacedStage> stages)
    {
        foreach (PlacedStage stage in stages.Where(stage => stage.Gate is not null))
        {
            _streams.Redirected.Label(stage.Gate!.Gate);
        }

        OpenGates open = new(_sides);
        foreach (PlacedStage stage in stages)
        {
            if (stage.Gate is { } gate && open.Problem is null && ProblemOf(gate, out GateProgram? program) is var problem)
            {
                if (problem is null)
                {
                    open.Add(stage, _sides.OpenGate(gate, stage.Incoming), program);
                }
                else
                {
                    open.Refuse(stage, problem);
                }
            }
        }

        return open;
    }

    /// <returns>Why a gate lets nothing out now.</returns>
    private string? ProblemOf(GateRule gate, out GateProgram? program)
    {
        program = null;
        if (gate.Filter is not { } filter)
        {
            return null;
        }

        string directory = $"{LobbyPlan.DirectoryOf(_session.Directory)}/gate-{++_programs}";
        if (!GateProgram.TryPrepare(gate, directory, out program, out string? problem))
        {
            return problem;
        }

        try
        {
            problem = _budgets.TrySpend(gate, filter.Form.Bits, out long left)
                ? null
                : $"a passage takes {filter.Form.Bits} bits, and {left} of {gate.Gate.Capacity} are left in "
                    + $"{ValueText.Write(filter.Per)}";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problem = failure.Message;
        }

        if (problem is not null)
        {
            program.Dispose();
            program = null;
        }

        return problem;
    }

    private void RunGate(PlacedStage stage, IReadOnlyList<PlacedStage> pipeline, OpenGates gates, Wiring wiring)
    {
        // A stub that was killed while it waited: nothing goes out.
        if (!Give(stage.Request, [], keep: true))
        {
            stage.Request.Dispose();
            return;
        }

        (GatePlace place, GateProgram? program) = gates.Take(stage);
        LobbyFile output = stage.Request.Files[1];
        GateRun run = program is not null
            ? new FilterRun(
                _session, _sides.Flow, _recorder, place, wiring.InputOf(stage), output.Held, program, _budgets)
            : new ApprovalRun(
                _session, _sides.Flow, _recorder, place, wiring.InputOf(stage), output.Held, _desk, FromOf(stage, pipeline),
                string.Join(' ', stage.Arguments.Skip(1)), text => SayTo(stage.Request, text));
        _gates.Add(new LobbyGate(stage, run));
        run.Start(_wake.Signal);
    }

    private static string FromOf(PlacedStage gate, IReadOnlyList<PlacedStage> pipeline) => string.Join(
        ", ",
        pipeline.Where(writer => writer.Request.WritesTo(gate.Request)).Select(writer => writer.Group.Name)
            .Distinct(StringComparer.Ordinal));

    private void EndGates()
    {
        // What passed is the lobby's, which may be frozen as long as the gate's own cell counts as running.
        foreach (LobbyGate gate in _gates.Where(gate => !gate.IsClosed && (gate.Run.HasPassed || gate.Run.HasEnded)))
        {
            gate.IsClosed = true;
            _sides.CloseGate(gate.Run.Place);
        }

        foreach (LobbyGate gate in _gates.Where(gate => gate.Run.HasEnded).ToList())
        {
            _gates.Remove(gate);
            gate.Run.Dispose();
            if (gate.Run.Problem is { } problem)
            {
                // What was wrong with the bytes tells of them: the journal and the person know, the lobby does not.
                GateRule rule = gate.Run.Place.Gate;
                string reason = $"gate {rule.Gate.Name}: {problem}";
                Report([gate.Stage.Request], Verdict.Deny(rule.Gate.Rule, reason, null), [reason]);
            }

            _toPerson.ForEach(relay => relay.Drain());
            Tell(gate.Stage.Request, [(byte)'E', StatusFor(gate.Run.Problem is null ? 0 : 1)]);
            gate.Stage.Request.Dispose();
        }
    }

    /// <summary>What a stub has to say whose gate runs: nothing, or that it was killed.</summary>
    private static void HearStub(LobbyGate gate, bool alive)
    {
        if (!alive)
        {
            gate.Stage.Request.Stub?.Dispose();
            gate.Stage.Request.Stub = null;
            gate.Run.Cancel();
        }
    }

    /// <summary>Says something to who asked: to the person, or where the lobby writes its errors.</summary>
    private void SayTo(LobbyRequest request, string text)
    {
        if (_session.Terminal.HasTerminal)
        {
            _session.Terminal.Notices.Say(text);
        }
        else
        {
            WriteTo(request.Files[2], $"shellguard: {SafeText.Message(text)}\n");
        }
    }

    private static void WriteTo(LobbyFile file, string text)
    {
        PollSet poll = new(1);
        poll.Set(0, file.Held, PollEvents.POLLOUT);
        if (file.Held is { } held && poll.Wait(0) is { Succeeded: true, Value: 1 })
        {
            // A reader that is gone or slow is no reason to wait.
            DescriptorIo.Write(held, global::System.Text.Encoding.UTF8.GetBytes(text));
        }
    }
}
