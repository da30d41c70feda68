namespace ShellGuard.Journal;

/// <summary>The clock that a session's journal and recording share: the wall clock as text for people, and the
/// monotonic clock since the session's start for order. A step of the wall clock shows as a difference of the two.
/// </summary>
public sealed class JournalClock(TimeProvider time)
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly long _start = time.GetTimestamp();

    /// <summary>The wall clock when the session started.</summary>
    public DateTimeOffset Start { get; } = time.GetUtcNow();

    public DateTimeOffset UtcNow => time.GetUtcNow();

    /// <summary>Nanoseconds since the session's start; never falls.</summary>
    public long ElapsedNanoseconds
    {
        get
        {
            long ticks = time.GetTimestamp() - _start;
            return time.TimestampFrequency == NanosecondsPerSecond
                ? ticks
                : (long)((Int128)ticks * NanosecondsPerSecond / time.TimestampFrequency);
        }
    }
}
