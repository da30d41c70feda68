namespace ShellGuard.Core.Flow.Operations;

/// <summary>A cell gets data of these sources: a file, a secret, an answer.</summary>
/// <param name="Resource">What it is called, for messages.</param>
public sealed record AcquireSource(NodeId Cell, TagSet Tags, string Resource) : FlowOperation;
