namespace ShellGuard.Core.Flow.Operations;

/// <summary>A cell gets a way out of its own.</summary>
/// <param name="Resource">What it is called, for messages.</param>
public sealed record AcquireSink(NodeId Cell, TagSet Tags, string Resource) : FlowOperation;
