namespace ShellGuard.Cells.Sessions;

/// <summary>Acts once when the session's time is over.</summary>
internal sealed class SessionTimer : IDisposable
{
    /// <summary>A timer of the runtime waits 49 days at most.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    private readonly Timer? _timer;
    private TimeSpan _left;

    public SessionTimer(TimeSpan? limit, Action<TimeSpan> over)
    {
        if (limit is { } time)
        {
            _left = time;
            _timer = new Timer(_ =>
            {
                if (_left > TimeSpan.Zero)
                {
                    Wait();
                }
                else
                {
                    over(time);
                }
            });
            Wait();
        }
    }

    public void Dispose() => _timer?.Dispose();

    private void Wait()
    {
        TimeSpan next = _left < Longest ? _left : Longest;
        _left -= next;
        _timer!.Change(next, Timeout.InfiniteTimeSpan);
    }
}
