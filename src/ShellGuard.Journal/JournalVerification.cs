using ShellGuard.Core.Events;

namespace ShellGuard.Journal;

/// <summary>The outcome of <see cref="JournalVerifier"/>.</summary>
/// <param name="Status">Valid, not closed, or bad.</param>
/// <param name="Session">The session of the first record; null when even that is bad.</param>
/// <param name="Records">How many records hold together from the start.</param>
/// <param name="SignedThrough">The last record that a good signature covers; 0 for none.</param>
/// <param name="KeyFingerprint">The key that the first record names. Unless it was compared with an expected one,
/// anyone can have made it.</param>
/// <param name="Fault">The first fault; for <see cref="JournalStatus.NotClosed"/> what is missing; null when valid.
/// </param>
public sealed record JournalVerification(
    JournalStatus Status,
    SessionId? Session,
    long Records,
    long SignedThrough,
    string? KeyFingerprint,
    JournalFault? Fault);
