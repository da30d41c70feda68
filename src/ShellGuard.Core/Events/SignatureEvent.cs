namespace ShellGuard.Core.Events;

/// <summary>A signature over all records up to and including this one. Only the journal itself writes these.</summary>
/// <param name="Kind"><see cref="EventKind.Checkpoint"/> or <see cref="EventKind.Seal"/>.</param>
/// <param name="Denials">How many denials the journal has up to here.</param>
public sealed record SignatureEvent(EventKind Kind, long Denials) : JournalEvent(Kind);
