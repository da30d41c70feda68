namespace ShellGuard.Core.Flow;

/// <summary>The name of a secret, an exposure or a way out, interned in a <see cref="TagUniverse"/>. Whether it counts
/// as source or as sink is said where it is used, so that one resource may be both.</summary>
/// <param name="Number">From 0 to <see cref="TagSet.Capacity"/> - 1.</param>
public readonly record struct Tag(int Number);
