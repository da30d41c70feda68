namespace ShellGuard.Core.Flow.Operations;

/// <summary>A cell has proven to hold these sinks no more: sockets shut down, descriptors and maps searched while it
/// was frozen.</summary>
public sealed record DropSink(NodeId Cell, TagSet Tags) : FlowOperation;
