namespace ShellGuard.Journal.Tests;

/// <summary>A clock that tests turn: the monotonic and the wall clock separately.</summary>
internal sealed class ManualTime : TimeProvider
{
    private long _monotonic;

    public DateTimeOffset Wall { get; set; } = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    public override long TimestampFrequency => 1_000_000_000;

    public override DateTimeOffset GetUtcNow() => Wall;

    public override long GetTimestamp() => _monotonic;

    public void Advance(TimeSpan by)
    {
        _monotonic += (long)(by.TotalSeconds * TimestampFrequency);
        Wall += by;
    }
}
