namespace ShellGuard.Core.Events;

/// <summary>A guarantee does not hold in this session and the user accepted that.</summary>
/// <param name="Guarantee">What does not hold.</param>
/// <param name="Reason">One clause: what the host lacks.</param>
public sealed record DegradedEvent(string Guarantee, string Reason) : JournalEvent(EventKind.Degraded);
