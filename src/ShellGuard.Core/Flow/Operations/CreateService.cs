namespace ShellGuard.Core.Flow.Operations;

/// <summary>A service outside is made known.</summary>
/// <param name="Sources">What comes from it.</param>
/// <param name="Sinks">Where that goes which is sent to it.</param>
/// <param name="Mailbox">Whether two cells that reach it are joined by it; else it is opaque.</param>
public sealed record CreateService(NodeId Service, string Name, TagSet Sources, TagSet Sinks, bool Mailbox) : FlowOperation;
