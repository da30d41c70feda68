namespace ShellGuard.Core.Flow;

/// <content>What must not be. Only nodes whose label grew are looked at: the others were well before.</content>
internal sealed partial class FlowDraft
{
    /// <summary>The first thing that must not be, or null. The conflict first: it says more than a clearance.</summary>
    public FlowRefusal? Check(NodeId subject)
    {
        foreach (ConflictSet conflict in _policy.Conflicts)
        {
            FlowRefusal? refusal =
                (_policy.Has(FlowRule.SourcesMeetConflicts) ? CheckAt(_learned, conflict) : null)
                ?? (_policy.Has(FlowRule.SinksMeetConflicts) ? CheckAt(_reaching, conflict) : null);
            if (refusal is not null)
            {
                return refusal;
            }
        }

        if (_uncleared is var (node, tags))
        {
            return new FlowRefusal(RefusalReason.Clearance, null, node, tags, ToState());
        }

        return _policy.HasExclusive && _policy.Has(FlowRule.ExclusiveSides) ? CheckRunning(subject) : null;
    }

    private FlowRefusal? CheckAt(List<int> nodes, ConflictSet conflict)
    {
        foreach (int number in nodes)
        {
            FlowNode node = _nodes[number];
            TagSet excess = node.Conducts ? _policy.Excess(conflict, node.History, SinksOf(node, conflict)) : TagSet.Empty;
            if (!excess.IsEmpty)
            {
                return new FlowRefusal(RefusalReason.Conflict, conflict, node.Id, excess, ToState());
            }
        }

        return null;
    }

    private FlowRefusal? CheckRunning(NodeId subject)
    {
        foreach (ConflictSet conflict in _policy.Conflicts)
        {
            if (!conflict.Exclusive)
            {
                continue;
            }

            TagSet together = TagSet.Empty;
            NodeId other = subject;
            foreach (FlowNode node in _nodes)
            {
                TagSet side = node.Running ? (node.History | SinksOf(node, conflict)) & conflict.Members : TagSet.Empty;
                together |= side;
                other = side.IsEmpty || node.Id == subject ? other : node.Id;
            }

            if (together.Count > conflict.AtMost)
            {
                return new FlowRefusal(RefusalReason.Exclusive, conflict, other, together, ToState());
            }
        }

        return null;
    }

    private TagSet SinksOf(FlowNode node, ConflictSet conflict) =>
        node.Sinks(_policy.Has(FlowRule.WallRemembers) ? conflict.Mode : ConflictMode.Flow);
}
