using System.Collections.Concurrent;
using ShellGuard.Cells.Relays;
using ShellGuard.Cells.Sessions;
using ShellGuard.Core;
using ShellGuard.Core.Flow;
using ShellGuard.Linux;

namespace ShellGuard.Cells.Walls;

/// <content>Cells whose label grows.</content>
internal sealed partial class Lobby : ILiveRelays
{
    private readonly ConcurrentQueue<Acquisition> _acquisitions = new();

    bool ILiveRelays.IsLive(FlowEdge edge) => _relays.Exists(relay => relay.Edge == edge && !relay.Relay.HasEnded);

    void ILiveRelays.Cut(FlowEdge edge)
    {
        foreach ((FlowEdge Edge, ByteRelay Relay) relay in _relays.Where(relay => relay.Edge == edge).ToList())
        {
            relay.Relay.Dispose();
            _relays.Remove(relay);
        }
    }

    private void Ask(Acquisition wanted)
    {
        _acquisitions.Enqueue(wanted);
        _wake.Signal();
    }

    private void AnswerAcquisitions()
    {
        while (_acquisitions.TryDequeue(out Acquisition? wanted))
        {
            try
            {
                Verdict? refusal = _sides.Acquire(wanted, this);
                if (refusal is null && _front is { } front && front.Cell.Endpoints == wanted.Asker)
                {
                    // The label row says what it knows.
                    ToFront(front);
                }

                wanted.Answer(refusal);
            }
            catch (Exception failure) when (failure is SessionException or LinuxException)
            {
                wanted.Answer(Verdict.Deny(BuiltIn("what cannot be written down or proven is not given"), failure.Message, null));
            }
        }
    }

    /// <summary>The stages with the cells of their kind that they run in.</summary>
    private List<PlacedStage> AtInstances(IReadOnlyList<PlacedStage> stages)
    {
        List<PlacedStage> placed = [];
        foreach (PlacedStage stage in stages)
        {
            placed.Add(stage.Gate is not null || stage.Group.Floating is null
                ? stage
                : stage with { Group = _sides.InstanceFor(stage.Group, NeededIn(stage.Group, stages)) });
        }

        return placed;
    }

    /// <summary>What a cell has to know for its part of a pipeline.</summary>
    private TagSet NeededIn(LabelGroup group, IReadOnlyList<PlacedStage> stages)
    {
        TagSet needed = TagSet.Empty;
        foreach (PlacedStage stage in stages)
        {
            needed |= stage.Gate is null && stage.Group == group && group.Floating is not null
                ? _placement.NeededBy(stage.Request, stage.Arguments)
                : TagSet.Empty;
        }

        return needed;
    }

    /// <summary>Why a cell whose label grows cannot have these pipes: the lobby learns nothing, whatever it knows now.
    /// </summary>
    private static string? ProblemOfPipes(IReadOnlyList<PlacedStage> stages)
    {
        foreach (PlacedStage stage in stages.Where(stage => stage.Gate is null && stage.Group.Floating is not null))
        {
            if (stage.Request.Files.Skip(1).Any(file => file.Kind is LobbyFileKind.Other
                || (file.Kind is LobbyFileKind.Pipe && !stages.Any(other => other.ReadsApart
                    && other.Request.Input is { Kind: LobbyFileKind.Pipe } input && input.Identity == file.Identity))))
            {
                return $"{stage.Group.Name} may get to know something, and so writes to no pipe of the lobby: "
                    + $"run what reads it there, too, shellguard run --in {stage.Group.Name}";
            }
        }

        return null;
    }
}
