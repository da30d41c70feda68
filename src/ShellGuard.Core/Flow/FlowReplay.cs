using ShellGuard.Core.Events;

namespace ShellGuard.Core.Flow;

/// <summary>The graph that a journal tells of, for looking at.</summary>
public static class FlowReplay
{
    /// <summary>The last state that the events lead to.</summary>
    /// <param name="policy">That of the session; null where it is not known, and not needed: what the journal has was allowed
    /// under it.</param>
    /// <exception cref="FormatException">They do not fit together.</exception>
    public static FlowState Of(IReadOnlyCollection<FlowEvent> events, FlowPolicy? policy = null)
    {
        policy ??= PolicyOf(events);
        FlowDecision decision = FlowState.Replay(policy, events.Select(what => FlowRecord.ToOperation(policy, what)));
        return decision.Refusal is null
            ? decision.State
            : throw new FormatException($"the flow graph cannot be replayed after step {decision.State.Step}");
    }

    /// <summary>The tags and gates that the events name, and nothing that must not meet. No tag has a slash, so that
    /// <c>source/gate</c> is a mark; its gate may be known by nothing else, where an earlier session used it.</summary>
    private static FlowPolicy PolicyOf(IReadOnlyCollection<FlowEvent> events)
    {
        RuleSource unknown = new("journal", 0, 0, "");
        SortedSet<string> tags = new(StringComparer.Ordinal);
        HashSet<(string Source, string Gate)> marks = [];
        foreach (string name in events.SelectMany(what => what.Label.Concat(what.Clearance).Concat(what.Sinks)))
        {
            int slash = name.IndexOf('/', StringComparison.Ordinal);
            if (slash >= 0)
            {
                marks.Add((name[..slash], name[(slash + 1)..]));
            }

            if (name != "*")
            {
                tags.Add(slash < 0 ? name : name[..slash]);
            }
        }

        TagUniverse universe = new(tags);
        Gate[] gates =
        [
            .. events.Select(what => what.Gate).Where(name => name.Length > 0).Concat(marks.Select(mark => mark.Gate))
                .Distinct(StringComparer.Ordinal)
                .Select(name => new Gate(
                    name, GateKind.Filter,
                    FromOf(events, name, universe)
                        | universe.Set([.. marks.Where(mark => mark.Gate == name).Select(mark => mark.Source)]),
                    TagSet.Empty, MostOf(events, name), unknown)),
        ];
        return new FlowPolicy(universe, [], gates, strict: false);
    }

    private static long MostOf(IReadOnlyCollection<FlowEvent> events, string gate) =>
        events.Where(what => what.Gate == gate && what.Operation == FlowOperationKind.FillGate)
            .Select(what => what.Bits).DefaultIfEmpty().Max();

    /// <summary>What a gate took off: everything that its own cells, from which it reads, were made with.</summary>
    private static TagSet FromOf(IReadOnlyCollection<FlowEvent> events, string gate, TagUniverse universe)
    {
        HashSet<int> cells =
        [
            .. events.Where(what => what.Gate == gate && what.Operation == FlowOperationKind.PassGate).Select(what => what.Node),
        ];
        TagSet from = TagSet.Empty;
        foreach (FlowEvent what in events)
        {
            if (what.Operation == FlowOperationKind.CreateCell && cells.Contains(what.Node))
            {
                foreach (string name in what.Label)
                {
                    from |= universe.TryFind(name, out Tag tag) ? TagSet.Of(tag) : TagSet.Empty;
                }
            }
        }

        return from;
    }
}
