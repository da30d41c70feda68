namespace ShellGuard.Core.Flow;

/// <summary>What a node may ever get.</summary>
/// <param name="Sources">The sources that its data may come from.</param>
/// <param name="Sinks">The sinks that it may hold itself.</param>
public readonly record struct Clearance(TagSet Sources, TagSet Sinks)
{
    public static Clearance Everything => new(TagSet.All, TagSet.All);

    /// <summary>Of a node whose label is fixed when it is made.</summary>
    public static Clearance Pinned(TagSet label, TagSet sinks) => new(label, sinks);
}
