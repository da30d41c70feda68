namespace ShellGuard.Core.Events;

/// <summary>When and where a record stands.</summary>
/// <param name="Schema">The version of the record's form; <see cref="CurrentSchema"/> for what this code writes.
/// </param>
/// <param name="Sequence">1 for the first record of a session, then without gaps.</param>
/// <param name="Time">The wall clock in UTC. It may step; order is by <paramref name="MonotonicNanoseconds"/>.</param>
/// <param name="MonotonicNanoseconds">Nanoseconds of the monotonic clock since the session's start; never falls.
/// </param>
/// <param name="Session">The session.</param>
public sealed record RecordHeader(
    int Schema, long Sequence, DateTimeOffset Time, long MonotonicNanoseconds, SessionId Session)
{
    public const int CurrentSchema = 1;
}
