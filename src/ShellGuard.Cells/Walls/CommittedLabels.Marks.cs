using ShellGuard.Core.Flow;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Walls;

/// <content>Files that were committed with the mark of a gate. Who sees one has the mark from then on, and so has all that
/// it writes.</content>
public sealed partial class CommittedLabels
{
    /// <summary>The labels with marks that there are, each once; those with a tag that the policy does not have are seen by
    /// nobody.</summary>
    internal IReadOnlyList<TagSet> Marked(WallRules walls)
    {
        HashSet<TagSet> found = [];
        foreach (CommittedLabel committed in All)
        {
            if (TryRead(committed, walls.Flow, out TagSet whole) && whole.Overlaps(walls.Flow.Marks))
            {
                found.Add(whole);
            }
        }

        return [.. found];
    }

    /// <summary>The marks of all that a cell with this label sees.</summary>
    internal TagSet MarksSeenBy(WallRules walls, TagSet label) => Marked(walls)
        .Where(whole => IsSeenBy(whole, walls, label))
        .Aggregate(TagSet.Empty, (marks, whole) => marks | (whole & walls.Flow.Marks));

    /// <summary>Whether a cell with this label sees what has that one: it has all of its sources, and nobody who sees what
    /// that cell writes may get what the marks are kept from. Else the file would shut them out of it for ever.</summary>
    internal static bool IsSeenBy(TagSet whole, WallRules walls, TagSet label)
    {
        TagSet sources = whole.Except(walls.Flow.Marks);

        // Where the source itself is, its mark says nothing more.
        TagSet marks = TagSet.Of([.. (whole & walls.Flow.Marks).Where(mark => !label.Contains(walls.Flow.SourceOf(mark)))]);
        return sources.IsSubsetOf(label) && walls.Flow.Conflicts.All(conflict => MayMeet(marks, walls, label, conflict));
    }

    private static bool MayMeet(TagSet marks, WallRules walls, TagSet label, ConflictSet conflict)
    {
        if (marks.IsEmpty)
        {
            return true;
        }

        // Cells of one label are one cell.
        foreach (IGrouping<TagSet, CellRule> cells in walls.Cells.Where(cell => cell.Pinned).GroupBy(cell => cell.Label))
        {
            TagSet sinks = cells.SelectMany(walls.GrantsOf).Where(grant => grant.Sends)
                .Aggregate(TagSet.Empty, (all, grant) => all | grant.Resource.Sinks);
            if (label.IsSubsetOf(cells.Key) && !walls.Flow.Excess(conflict, cells.Key | marks, sinks).IsEmpty)
            {
                return false;
            }
        }

        return walls.Cells.Where(cell => !cell.Pinned).All(cell => marks.All(mark =>
        {
            TagSet source = TagSet.Of(walls.Flow.SourceOf(mark));
            TagSet others = cell.Clearance.Sources.Except(source) | cell.Clearance.Sinks.Except(walls.Flow.GateOf(mark)!.To);
            return !source.Overlaps(conflict.Members) || (others & conflict.Members).Count < conflict.AtMost;
        }));
    }

    private static bool IsSeenBy(CommittedLabel committed, WallRules walls, TagSet label) =>
        TryRead(committed, walls.Flow, out TagSet whole) && IsSeenBy(whole, walls, label);

    /// <returns>False where the policy does not have all of the tags.</returns>
    private static bool TryRead(CommittedLabel committed, FlowPolicy flow, out TagSet whole)
    {
        whole = TagSet.Empty;
        foreach (string name in committed.Tags)
        {
            if (!flow.TryFind(name, out Tag tag))
            {
                return false;
            }

            whole |= TagSet.Of(tag);
        }

        return true;
    }
}
