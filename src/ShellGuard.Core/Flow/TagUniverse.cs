using System.Collections.Immutable;

namespace ShellGuard.Core.Flow;

/// <summary>The tags of one policy: gives each name a number, so that sets of them are bits. What is written down for
/// later (journals, layers' labels) has names, because numbers hold only for one policy.</summary>
public sealed class TagUniverse
{
    private readonly ImmutableArray<string> _names;
    private readonly Dictionary<string, Tag> _tags = new(StringComparer.Ordinal);

    /// <param name="names">Distinct names, at most <see cref="TagSet.Capacity"/>; the policy's lint says so before.</param>
    public TagUniverse(IEnumerable<string> names)
    {
        _names = [.. names];
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_names.Length, TagSet.Capacity, nameof(names));
        foreach (string name in _names)
        {
            _tags.Add(name, new Tag(_tags.Count));
        }
    }

    public int Count => _names.Length;

    /// <summary>The tags of these names. A name that the policy does not have is a bug of the caller.</summary>
    public TagSet Set(params ReadOnlySpan<string> names)
    {
        TagSet set = TagSet.Empty;
        foreach (string name in names)
        {
            set |= TagSet.Of(_tags[name]);
        }

        return set;
    }

    public bool TryFind(string name, out Tag tag) => _tags.TryGetValue(name, out tag);

    public string NameOf(Tag tag) => _names[tag.Number];
}
