using ShellGuard.Cells.View;
using ShellGuard.Cells.Walls;
using ShellGuard.Core.Flow;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Sessions;

/// <summary>What a session's first cell is: the one of a policy without walls, a cell that was named, or the lobby.</summary>
/// <param name="Name">The cell's name.</param>
/// <param name="Policy">What it may do.</param>
/// <param name="Groups">The sides; null where the policy has no walls.</param>
/// <param name="Group">The side that was named; null for any other.</param>
internal sealed record SessionSide(string Name, EffectivePolicy Policy, LabelGroups? Groups, LabelGroup? Group)
{
    private const string OnlyCell = "main";

    public bool IsLobby => Groups is not null && Group is null;

    /// <summary>What makes its view differ from that of a cell by itself; null where there are no walls.</summary>
    public LabelView? View => Groups is null ? null : new LabelView(Group?.Key ?? "", []);

    /// <exception cref="SessionException">There is no such cell, or what was committed is not known.</exception>
    public static SessionSide Of(SessionRequest request)
    {
        CommittedLabels committed = LabelsIn(request.StorageRoot);
        EffectivePolicy policy = request.Policy;
        if (request.Policy.Walls is not { } walls)
        {
            return request.Cell is null
                ? new SessionSide(OnlyCell, committed.HiddenFrom(policy, TagSet.Empty), null, null)
                : throw new SessionException($"the policy has no cell {request.Cell}: it says nothing of walls");
        }

        LabelGroups groups = new(policy, committed);
        if (request.Cell is null)
        {
            return new SessionSide(groups.Lobby.Name, groups.Lobby.Policy, groups, null);
        }

        return walls.TryFindCell(request.Cell, out CellRule? cell)
            ? new SessionSide(cell.Name, groups.GroupOf(cell).Policy, groups, groups.GroupOf(cell))
            : throw new SessionException(
                $"no cell {request.Cell} in the policy; there are {string.Join(", ", walls.Cells.Select(known => known.Name))}");
    }

    /// <summary>A cell whose label grows is one of a lobby's: so a request for one is a lobby's with that one command.
    /// </summary>
    public static SessionRequest InLobby(SessionRequest request) =>
        request.Cell is { } name && request.Policy.Walls is { } walls && walls.TryFindCell(name, out CellRule? cell) && !cell.Pinned
            ? request.Pipeline is null
                ? request with
                {
                    Cell = null,
                    Command = ["/usr/bin/env", "shellguard", "run", "--in", name, "--", .. request.Command],
                }
                : throw new SessionException($"[cell.{name}] may get sources later, and a pipeline runs in a cell with a label")
            : request;

    /// <summary>What earlier sessions of an owner committed with a label, under the names that it has now.</summary>
    /// <exception cref="SessionException">It is not known.</exception>
    public static CommittedLabels LabelsIn(string storageRoot)
    {
        try
        {
            CommittedLabels labels = CommittedLabels.Load(storageRoot);
            labels.Follow();
            return labels;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SessionException(failure.Message);
        }
    }
}
