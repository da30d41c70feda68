using ShellGuard.Core;

namespace ShellGuard.Cells.Terminals;

/// <summary>Which denials are shown: a burst of five, then one each second; the same denial once in thirty seconds.
/// What is not shown is counted and summed up, at growing intervals so that a loop of denials does not fill the
/// screen. Times are since any fixed moment. Not thread-safe.</summary>
internal sealed class NoticeLimiter
{
    internal const int Burst = 5;

    private const int MaximumRemembered = 256;
    private static readonly TimeSpan Refill = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SameAgain = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstSummary = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestSummary = TimeSpan.FromSeconds(60);

    private readonly Dictionary<(Operation, string), TimeSpan> _shown = [];
    private int _tokens = Burst;
    private TimeSpan _refilled;
    private int _hidden;
    private TimeSpan _summaryDue;
    private TimeSpan _interval = FirstSummary;

    /// <summary>When <see cref="Summary"/> has something to say, or null.</summary>
    internal TimeSpan? SummaryDue => _hidden > 0 ? _summaryDue : null;

    /// <summary>Whether this denial is to be shown.</summary>
    internal bool Admit(Operation operation, string target, TimeSpan now)
    {
        Replenish(now);
        var key = (operation, target);
        bool again = _shown.TryGetValue(key, out TimeSpan before) && now - before < SameAgain;
        if (!again && _tokens > 0)
        {
            _tokens--;
            Remember(key, now);
            return true;
        }

        if (_hidden++ == 0)
        {
            // A long quiet time starts the intervals anew.
            _interval = now - _summaryDue > LongestSummary ? FirstSummary : _interval;
            _summaryDue = now + _interval;
        }

        return false;
    }

    /// <summary>The line that sums up what was not shown, or null when it is not time.</summary>
    /// <param name="last">Whether there is no later: it is time.</param>
    internal string? Summary(TimeSpan now, bool last = false)
    {
        if (_hidden == 0 || (now < _summaryDue && !last))
        {
            return null;
        }

        string text = $"{_hidden} more {(_hidden == 1 ? "denial" : "denials")}: shellguard log --denied";
        _hidden = 0;
        _interval = _interval * 2 < LongestSummary ? _interval * 2 : LongestSummary;
        return text;
    }

    private void Replenish(TimeSpan now)
    {
        int earned = (int)Math.Min(Burst, (now - _refilled) / Refill);
        if (earned > 0)
        {
            _tokens = Math.Min(Burst, _tokens + earned);
            _refilled = now;
        }
    }

    private void Remember((Operation, string) key, TimeSpan now)
    {
        if (_shown.Count >= MaximumRemembered)
        {
            _shown.Clear();
        }

        _shown[key] = now;
    }
}
