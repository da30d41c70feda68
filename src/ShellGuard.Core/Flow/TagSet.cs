using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace ShellGuard.Core.Flow;

/// <summary>An immutable set of tags of one <see cref="TagUniverse"/>: 256 bits, compared and united in a few
/// instructions and without allocation. A policy with more tags is refused; none is ever lost.</summary>
public readonly struct TagSet : IEquatable<TagSet>, IEnumerable<Tag>
{
    /// <summary>The number of tags that a policy can have, those made for its gates included.</summary>
    public const int Capacity = 256;

    private readonly Vector256<ulong> _bits;

    private TagSet(Vector256<ulong> bits) => _bits = bits;

    public static TagSet Empty => default;

    /// <summary>Every tag that a universe can have.</summary>
    public static TagSet All => new(Vector256<ulong>.AllBitsSet);

    public bool IsEmpty => _bits == Vector256<ulong>.Zero;

    public int Count =>
        BitOperations.PopCount(_bits[0]) + BitOperations.PopCount(_bits[1])
        + BitOperations.PopCount(_bits[2]) + BitOperations.PopCount(_bits[3]);

    public static TagSet operator |(TagSet left, TagSet right) => new(left._bits | right._bits);

    public static TagSet operator &(TagSet left, TagSet right) => new(left._bits & right._bits);

    public static bool operator ==(TagSet left, TagSet right) => left._bits == right._bits;

    public static bool operator !=(TagSet left, TagSet right) => left._bits != right._bits;

    public static TagSet Of(Tag tag)
    {
        if ((uint)tag.Number >= Capacity)
        {
            throw new ArgumentOutOfRangeException(nameof(tag), tag.Number, $"a policy has at most {Capacity} tags");
        }

        return new TagSet(Vector256<ulong>.Zero.WithElement(tag.Number >> 6, 1UL << (tag.Number & 63)));
    }

    public static TagSet Of(params ReadOnlySpan<Tag> tags)
    {
        TagSet set = Empty;
        foreach (Tag tag in tags)
        {
            set |= Of(tag);
        }

        return set;
    }

    public bool Contains(Tag tag) => (_bits[tag.Number >> 6] >> (tag.Number & 63) & 1) != 0;

    public TagSet Except(TagSet other) => new(Vector256.AndNot(_bits, other._bits));

    public bool Overlaps(TagSet other) => (_bits & other._bits) != Vector256<ulong>.Zero;

    public bool IsSubsetOf(TagSet other) => Except(other).IsEmpty;

    public IEnumerator<Tag> GetEnumerator()
    {
        for (int word = 0; word < 4; word++)
        {
            for (ulong rest = _bits[word]; rest != 0; rest &= rest - 1)
            {
                yield return new Tag((word << 6) + BitOperations.TrailingZeroCount(rest));
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(TagSet other) => this == other;

    public override bool Equals(object? obj) => obj is TagSet other && this == other;

    public override int GetHashCode() => _bits.GetHashCode();

    /// <summary>The tags' numbers; their names are known to the universe.</summary>
    public override string ToString()
    {
        List<string> numbers = [];
        foreach (Tag tag in this)
        {
            numbers.Add(tag.Number.ToString(CultureInfo.InvariantCulture));
        }

        return $"{{{string.Join(',', numbers)}}}";
    }
}
