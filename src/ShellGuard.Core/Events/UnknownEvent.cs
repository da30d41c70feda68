namespace ShellGuard.Core.Events;

/// <summary>A kind that this version does not know; written by a later one.</summary>
public sealed record UnknownEvent(EventKind Kind) : JournalEvent(Kind);
