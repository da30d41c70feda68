using ShellGuard.Core;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cells.Walls;

/// <content>Where a conflict set is exclusive, the lobby may be frozen while a side runs.</content>
internal sealed partial class Lobby
{
    /// <summary>Signals by which a person ends a command: SIGHUP, SIGINT, SIGQUIT and SIGTERM, as bits of a signal mask.
    /// </summary>
    private const ulong Ending = 1 | 1 << 1 | 1 << 2 | 1 << 14;

    /// <summary>Why the sides of a pipeline, whose cells are open, cannot run together.</summary>
    private string? ProblemOfTurns(IReadOnlyList<PlacedStage> stages)
    {
        foreach (PlacedStage stage in stages.Where(stage => stage.ReadsApart))
        {
            if (stage.Gate is null && _sides.Turns.IsFrozen(NodeOf(stage.Group)))
            {
                return $"{stage.Group.Name} never runs while another side of this pipeline does: one after the other, by a file";
            }

            if (_sides.Turns.IsFrozen(_sides.Lobby) && StillWritten(stage, stages))
            {
                return $"{stage.Request.Name} never runs while the lobby does, and the lobby writes to it: put it into a file first";
            }
        }

        return null;
    }

    private RuleSource RuleOfTurns =>
        _walls.Flow.Conflicts.First(conflict => conflict.Exclusive).Rule;

    /// <summary>Whether what a side reads still has a writer in the lobby, which would never write again.</summary>
    private bool StillWritten(PlacedStage reader, IReadOnlyList<PlacedStage> stages)
    {
        LobbyFile input = reader.Request.Input;
        if (input.Kind is LobbyFileKind.Pipe && stages.Any(writer => writer.Request.WritesTo(reader.Request)))
        {
            return stages.Any(writer => writer.Group.IsLobby && writer.Gate is null && writer.Request.WritesTo(reader.Request));
        }

        if (input.Kind is not (LobbyFileKind.Pipe or LobbyFileKind.Other) || _streams.IsInput(input.Identity))
        {
            return false;
        }

        // A pipe that nobody has open for writing says so, poll(2).
        PollSet poll = new(1);
        poll.Set(0, input.Held, PollEvents.POLLIN);
        return poll.Wait(0).Failed || (poll.Found(0) & PollEvents.POLLHUP) == PollEvents.None;
    }

    /// <summary>A stub that is frozen with the lobby cannot die of a signal: what it stands for is ended as if it had.
    /// </summary>
    private void HearSignals()
    {
        if (!_sides.Turns.IsFrozen(_sides.Lobby))
        {
            return;
        }

        foreach (LobbyJob job in _jobs.ToList())
        {
            if (job.Stages.Any(stage => stage.Stub is not null && IsBeingEnded(stage.Process)))
            {
                job.Cell.Porter.Signal(job.Leader, SIG.TERM, inForeground: false);
            }
        }

        _gates.FindAll(gate => gate.Stage.Request.Stub is not null && IsBeingEnded(gate.Stage.Request.Process))
            .ForEach(gate => gate.Run.Cancel());
    }

    private static bool IsBeingEnded(int process) => (SignalSets.Of(process).Pending & Ending) != 0;
}
