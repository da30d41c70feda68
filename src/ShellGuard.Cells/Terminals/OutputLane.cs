using System.Diagnostics;
using ShellGuard.Core;

namespace ShellGuard.Cells.Terminals;

/// <summary>Notices on their way to the person's terminal. Any thread puts them in; the relay takes them out between
/// two chunks of the cell's output, where the terminal can take them (<see cref="NoticePainter"/>).</summary>
public sealed class OutputLane : INotices
{
    private const int MaximumWaiting = 64;
    private readonly Lock _lock = new();

    // Both guarded by _lock.
    private readonly NoticeLimiter _limiter = new();
    private readonly Queue<string> _waiting = [];
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _overflowed;

    /// <summary>Called when there is something to take. Set once, before use.</summary>
    internal Action? Wake { get; set; }

    /// <inheritdoc/>
    public void Denied(Access access, int number)
    {
        bool admitted;
        lock (_lock)
        {
            admitted = _limiter.Admit(access.Operation, access.Target, Now);
        }

        if (admitted)
        {
            Put(NoticeText.Denied(access, number));
        }

        // Also when it was only counted: the relay has to know when the summary is due.
        Wake?.Invoke();
    }

    /// <inheritdoc/>
    public void Say(string line)
    {
        Put(DisplayText.Escape(line, 400));
        Wake?.Invoke();
    }

    /// <summary>The next line, already safe to show.</summary>
    /// <param name="last">Whether the terminal is left: what was only counted is said now.</param>
    internal bool TryTake(out string line, bool last = false)
    {
        lock (_lock)
        {
            if (_waiting.TryDequeue(out string? next))
            {
                line = next;
                return true;
            }

            if (_overflowed > 0)
            {
                line = $"{_overflowed} more lines: shellguard log";
                _overflowed = 0;
                return true;
            }

            line = _limiter.Summary(Now, last) ?? "";
            return line.Length > 0;
        }
    }

    /// <summary>Milliseconds until <see cref="TryTake"/> has a line: 0 is now, -1 is not until the next wake.</summary>
    internal int MillisecondsUntilNext()
    {
        lock (_lock)
        {
            if (_waiting.Count > 0 || _overflowed > 0)
            {
                return 0;
            }

            return _limiter.SummaryDue is { } due ? Math.Max(0, (int)(due - Now).TotalMilliseconds + 1) : -1;
        }
    }

    private TimeSpan Now => Stopwatch.GetElapsedTime(_start);

    private void Put(string line)
    {
        lock (_lock)
        {
            if (_waiting.Count < MaximumWaiting)
            {
                _waiting.Enqueue(line);
            }
            else
            {
                _overflowed++;
            }
        }
    }
}
