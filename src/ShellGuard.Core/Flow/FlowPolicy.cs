using System.Collections.Immutable;

namespace ShellGuard.Core.Flow;

/// <summary>What the flow model is told by a policy: tags, conflict sets, gates. It never changes while a session lives,
/// and the same operations applied under the same policy give the same state.</summary>
public sealed class FlowPolicy
{
    private readonly TagUniverse _universe;
    private readonly List<(Tag Source, int Gate)> _marks = [];
    private readonly uint _switchedOff;

    /// <param name="universe">The tags; with one more for each gate and tag that the gate takes off, at most
    /// <see cref="TagSet.Capacity"/>.</param>
    /// <param name="gates">With distinct names, and none such that <c>source/gate</c> is a tag; the policy's lint says so
    /// before.</param>
    /// <param name="strict">Whether the exit status tells a lower cell nothing.</param>
    public FlowPolicy(TagUniverse universe, IEnumerable<ConflictSet> conflicts, IEnumerable<Gate> gates, bool strict)
        : this(universe, [.. conflicts], [.. gates], strict, 0)
    {
    }

    private FlowPolicy(
        TagUniverse universe, ImmutableArray<ConflictSet> conflicts, ImmutableArray<Gate> gates, bool strict, uint switchedOff)
    {
        _universe = universe;
        _switchedOff = switchedOff;
        Conflicts = conflicts;
        Gates = gates;
        Strict = strict;
        HasExclusive = conflicts.Any(conflict => conflict.Exclusive);
        for (int gate = 0; gate < gates.Length; gate++)
        {
            foreach (Tag source in gates[gate].From)
            {
                Marks |= TagSet.Of(new Tag(universe.Count + _marks.Count));
                _marks.Add((source, gate));
            }
        }

        // A label is written down by names, so that two of one name would be one tag to a later session.
        if (Marks.Any(mark => universe.TryFind(NameOf(mark), out _)) || Marks.DistinctBy(NameOf).Count() != Marks.Count)
        {
            throw new ArgumentException("a tag or another gate has the name of a mark", nameof(gates));
        }
    }

    public ImmutableArray<ConflictSet> Conflicts { get; }

    public ImmutableArray<Gate> Gates { get; }

    public bool Strict { get; }

    /// <summary>The tags made for gates: each says of one source that it went through one gate.</summary>
    public TagSet Marks { get; }

    internal bool HasExclusive { get; }

    /// <summary>The tag's name; a mark is called <c>source/gate</c>.</summary>
    public string NameOf(Tag tag) => tag.Number < _universe.Count
        ? _universe.NameOf(tag)
        : $"{_universe.NameOf(SourceOf(tag))}/{Gates[MarkOf(tag).Gate].Name}";

    /// <summary>The names of some tags, for a message: <c>db:customers and net:internet</c>.</summary>
    public string NamesOf(TagSet tags)
    {
        string[] names = [.. tags.Select(NameOf)];
        return names.Length switch
        {
            0 => "nothing",
            1 => names[0],
            _ => $"{string.Join(", ", names[..^1])} and {names[^1]}",
        };
    }

    /// <summary>The tag or mark of that name: how a label that was written down is read again.</summary>
    public bool TryFind(string name, out Tag tag)
    {
        if (_universe.TryFind(name, out tag))
        {
            return true;
        }

        foreach (Tag mark in Marks)
        {
            if (NameOf(mark) == name)
            {
                tag = mark;
                return true;
            }
        }

        return false;
    }

    /// <summary>The gate that a mark was made for; null for any other tag.</summary>
    public Gate? GateOf(Tag tag) => Marks.Contains(tag) ? Gates[MarkOf(tag).Gate] : null;

    /// <summary>The source that a mark stands for; any other tag itself.</summary>
    public Tag SourceOf(Tag tag) => Marks.Contains(tag) ? MarkOf(tag).Source : tag;

    /// <summary>The members of a conflict set that have met, when they are too many; a mark stands for its source. Empty
    /// when all is well.</summary>
    /// <param name="history">The sources that count, marks among them.</param>
    /// <param name="sinks">The sinks that count.</param>
    public TagSet Excess(ConflictSet conflict, TagSet history, TagSet sinks)
    {
        TagSet met = (history | sinks) & conflict.Members;
        if (met.Count > conflict.AtMost)
        {
            return met;
        }

        TagSet marks = history & Marks;
        if (marks.IsEmpty || !Has(FlowRule.MarksCountElsewhere))
        {
            return TagSet.Empty;
        }

        TagSet sources = TagSet.Empty;
        TagSet counting = TagSet.Empty;
        foreach (Tag mark in marks)
        {
            TagSet source = TagSet.Of(SourceOf(mark)) & conflict.Members;
            sources |= source;
            counting |= source.IsEmpty ? source : TagSet.Of(mark);
        }

        // A gate frees the way to its sinks; a source of the same name counts as ever. With several marks in one node
        // this errs on the safe side: each gate in turn is granted its own sinks, and every other mark counts in full.
        foreach (Tag mark in counting)
        {
            TagSet elsewhere = (history | sinks.Except(Gates[MarkOf(mark).Gate].To)) & conflict.Members;
            if ((elsewhere | sources).Count > conflict.AtMost)
            {
                return elsewhere | counting;
            }
        }

        return TagSet.Empty;
    }

    /// <summary>What is left of a label behind a gate: its tags are replaced by marks.</summary>
    internal TagSet Behind(int gate, TagSet label)
    {
        TagSet kept = Has(FlowRule.GateKeepsOtherTags) ? label.Except(Gates[gate].From) : TagSet.Empty;
        for (int i = 0; i < _marks.Count && Has(FlowRule.GateMarks); i++)
        {
            if (_marks[i].Gate == gate && label.Contains(_marks[i].Source))
            {
                kept |= TagSet.Of(new Tag(_universe.Count + i));
            }
        }

        return kept;
    }

    internal bool Has(FlowRule rule) => (_switchedOff >> (int)rule & 1) == 0;

    /// <summary>For the mutation tests: the same policy under a model that lacks a rule.</summary>
    internal FlowPolicy Without(FlowRule rule) => new(_universe, Conflicts, Gates, Strict, _switchedOff | 1u << (int)rule);

    private (Tag Source, int Gate) MarkOf(Tag mark) => _marks[mark.Number - _universe.Count];
}
