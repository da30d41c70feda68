namespace ShellGuard.Core.Flow;

/// <summary>How some tags first came to a node. A node's arrivals are a chain, the latest first, and no tag is in two
/// of them: reading back from node to node therefore ends at where the tag came from.</summary>
/// <param name="Tags">The tags that were new.</param>
/// <param name="Other">For sources, where they came from; for sinks, through which node they are reached; the node
/// itself where it was made with them or took them.</param>
/// <param name="What">The resource or gate; empty for an edge.</param>
/// <param name="Step">The number of the operation.</param>
/// <param name="Earlier">The rest of the chain.</param>
internal sealed record Arrival(
    TagSet Tags, ArrivalKind Kind, NodeId Other, string What, long Step, Arrival? Earlier)
{
    /// <summary>How the tag came, or null if it did not.</summary>
    public static Arrival? Of(Tag tag, Arrival? chain)
    {
        while (chain is not null && !chain.Tags.Contains(tag))
        {
            chain = chain.Earlier;
        }

        return chain;
    }

    /// <summary>The chain without what is said of these tags.</summary>
    public static Arrival? Without(TagSet tags, Arrival? chain)
    {
        if (chain is null || !tags.Overlaps(chain.Tags))
        {
            return chain is null ? null : chain with { Earlier = Without(tags, chain.Earlier) };
        }

        TagSet left = chain.Tags.Except(tags);
        Arrival? earlier = Without(tags, chain.Earlier);
        return left.IsEmpty ? earlier : chain with { Tags = left, Earlier = earlier };
    }
}
