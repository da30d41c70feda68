namespace ShellGuard.Cells.Sessions;

/// <summary>Acts once when the session's time is over.</summary>
internal sealed class SessionTimer : IDisposable
{
    private readonly Timer? _timer;

    public SessionTimer(TimeSpan? limit, Action<TimeSpan> over)
    {
        if (limit is { } time)
        {
            _timer = new Timer(_ => over(time), null, time, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer?.Dispose();
}
