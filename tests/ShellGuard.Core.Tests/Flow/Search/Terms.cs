using System.Collections.Immutable;
using System.Numerics;
using ShellGuard.Core.Flow;

namespace ShellGuard.Core.Tests.Flow.Search;

/// <summary>A policy as the oracles read it: plain numbers, and no code of the model. An origin is a bit: the lowest
/// <see cref="Tags"/> bits are sources as they are, the next as many are sources that went through the first gate, and
/// so on.</summary>
internal sealed record Terms(ImmutableArray<Terms.Bound> Bounds, ImmutableArray<Terms.Door> Doors, bool Strict)
{
    public const int Tags = 6;
    public const uint Plain = (1u << Tags) - 1;

    private static readonly RuleSource Rule = new("search.toml", 1, 1, "[[conflict]]");

    /// <summary>The tags that the bytes count as when they get to a sink: what a door lets through to this sink is
    /// free.</summary>
    public uint CountingAt(uint origins, int sink)
    {
        uint counting = origins & Plain;
        for (int door = 0; door < Doors.Length; door++)
        {
            bool free = (Doors[door].To >> sink & 1) != 0;
            counting |= free ? 0 : Through(origins, door);
        }

        return counting;
    }

    /// <summary>The sources among these bytes that went through a door.</summary>
    public static uint Through(uint origins, int door) => origins >> (Tags * (door + 1)) & Plain;

    public uint Behind(uint origins, int door)
    {
        uint taken = origins & Plain & Doors[door].From;
        return (origins & ~taken) | taken << (Tags * (door + 1));
    }

    /// <summary>The definition of the invariant, word by word: no more than the bound; and for each door, what came
    /// through any door counts in full beside every source, and every sink that this door does not lead to.</summary>
    public bool Exceeds(in Bound bound, uint origins, uint sinks)
    {
        uint met = ((origins & Plain) | sinks) & bound.Members;
        if (BitOperations.PopCount(met) > bound.AtMost)
        {
            return true;
        }

        uint released = 0;
        for (int door = 0; door < Doors.Length; door++)
        {
            released |= Through(origins, door) & bound.Members;
        }

        for (int door = 0; door < Doors.Length; door++)
        {
            bool concerns = (Through(origins, door) & bound.Members) != 0;
            uint elsewhere = ((origins & Plain) | (sinks & ~Doors[door].To)) & bound.Members;
            if (concerns && BitOperations.PopCount(elsewhere | released) > bound.AtMost)
            {
                return true;
            }
        }

        return false;
    }

    public static Terms Random(Lot lot)
    {
        var bounds = ImmutableArray.CreateBuilder<Bound>();
        for (int count = 1 + lot.Below(3); count > 0; count--)
        {
            uint members = SomeOf(lot, 2 + lot.Below(3));
            int atMost = 1 + lot.Below(BitOperations.PopCount(members) - 1);
            bounds.Add(new Bound(members, atMost, Wall: lot.OneIn(3), Exclusive: lot.OneIn(5)));
        }

        var doors = ImmutableArray.CreateBuilder<Door>();
        for (int count = lot.Below(3); count > 0; count--)
        {
            doors.Add(new Door(SomeOf(lot, 1 + lot.Below(2)), SomeOf(lot, 1 + lot.Below(2)), 4 + lot.Below(5), lot.OneIn(3)));
        }

        return new Terms(bounds.ToImmutable(), doors.ToImmutable(), lot.OneIn(4));
    }

    public FlowPolicy ToPolicy() => new(
        new TagUniverse(Enumerable.Range(0, Tags).Select(tag => $"t{tag}")),
        Bounds.Select((bound, i) => new ConflictSet(
            $"conflict {i}", bound.AtMost, ToSet(bound.Members), bound.Wall ? ConflictMode.Wall : ConflictMode.Flow,
            bound.Exclusive, Rule)),
        Doors.Select((door, i) => new Gate(
            $"gate {i}", door.Approval ? GateKind.Approval : GateKind.Filter, ToSet(door.From), ToSet(door.To),
            door.Capacity, Rule)),
        Strict);

    public static TagSet ToSet(uint tags)
    {
        TagSet set = TagSet.Empty;
        for (; tags != 0; tags &= tags - 1)
        {
            set |= TagSet.Of(new Tag(BitOperations.TrailingZeroCount(tags)));
        }

        return set;
    }

    /// <summary>The bit of each tag of the policy, marks included.</summary>
    public static uint[] BitsOf(FlowPolicy policy)
    {
        List<uint> bits = [.. Enumerable.Range(0, Tags).Select(tag => 1u << tag)];
        for (int gate = 0; gate < policy.Gates.Length; gate++)
        {
            bits.AddRange(policy.Gates[gate].From.Select(tag => 1u << (tag.Number + Tags * (gate + 1))));
        }

        return [.. bits];
    }

    private static uint SomeOf(Lot lot, int count)
    {
        uint tags = 0;
        while (BitOperations.PopCount(tags) < count)
        {
            tags |= 1u << lot.Below(Tags);
        }

        return tags;
    }

    internal readonly record struct Bound(uint Members, int AtMost, bool Wall, bool Exclusive);

    internal readonly record struct Door(uint From, uint To, int Capacity, bool Approval);
}
