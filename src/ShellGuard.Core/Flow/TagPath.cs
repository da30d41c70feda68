using System.Collections.Immutable;

namespace ShellGuard.Core.Flow;

/// <summary>Why a tag counts at a node.</summary>
/// <param name="Tag">The tag; a mark where the data went through a gate.</param>
/// <param name="IsSink">Whether the path leads from the node to a sink; else it leads from a source to the node.</param>
/// <param name="Steps">In the direction of the bytes; never empty.</param>
public sealed record TagPath(Tag Tag, bool IsSink, ImmutableArray<PathStep> Steps);
