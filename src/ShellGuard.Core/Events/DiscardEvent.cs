namespace ShellGuard.Core.Events;

/// <summary>Changes are about to be thrown away.</summary>
/// <param name="Path">The path; empty for the whole layer.</param>
public sealed record DiscardEvent(HostileText Path) : JournalEvent(EventKind.Discard);
