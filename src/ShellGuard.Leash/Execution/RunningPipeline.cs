using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Leash.Execution;

/// <summary>The process group of a pipeline while it runs: what signals, time-outs and a lost terminal are aimed at.
/// </summary>
public sealed class RunningPipeline : IDisposable
{

    /// <summary>Between asking a pipeline to end and ending it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Timer _timer;

    // Guarded by _lock. The group's number is its own until the first process was waited for, and 0 before and after.
    private int _group;
    private string? _ended;
    private bool _asked;

    public RunningPipeline() => _timer = new Timer(_ => Kill());

    /// <summary>What ended it; null where it ended by itself.</summary>
    public string? Ended
    {
        get
        {
            lock (_lock)
            {
                return _ended;
            }
        }
    }

    /// <summary>Says which group it is.</summary>
    /// <param name="timeout">After this time it is ended; null for never.</param>
    public void Start(int group, TimeSpan? timeout)
    {
        lock (_lock)
        {
            _group = group;
            if (_asked)
            {
                Signal(SIG.TERM);
                _timer.Change(Grace, Grace);
            }
            else if (timeout is { } time)
            {
                _timer.Change(time, System.Threading.Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Asks it to end, and ends it where it does not.</summary>
    /// <param name="signal">The signal that asked the leash.</param>
    /// <param name="reason">For the journal.</param>
    public void End(int signal, string reason)
    {
        lock (_lock)
        {
            _ended ??= reason;
            _asked = true;
            Signal(signal);
            _timer.Change(Grace, Grace);
        }
    }

    /// <summary>A process of it stopped; nobody is there to bring it back.</summary>
    public void Continue()
    {
        lock (_lock)
        {
            Signal(SIG.CONT);
        }
    }

    /// <summary>Ends it at once.</summary>
    public void Abort()
    {
        lock (_lock)
        {
            Signal(SIG.KILL);
        }
    }

    /// <summary>Its last process is about to be waited for: from now on the number may be another group's.</summary>
    public void Over()
    {
        lock (_lock)
        {
            _group = 0;
        }
    }

    public void Dispose()
    {
        Over();
        _timer.Dispose();
    }

    private void Kill()
    {
        lock (_lock)
        {
            if (_asked)
            {
                Signal(SIG.KILL);
                return;
            }

            _ended ??= "its time is over";
            _asked = true;
            Signal(SIG.TERM);
            _timer.Change(Grace, Grace);
        }
    }

    private void Signal(int signal)
    {
        if (_group > 0)
        {
            // An error means that nobody is left in it.
            _ = Processes.SignalGroup(_group, signal);
            _ = Processes.SignalGroup(_group, SIG.CONT);
        }
    }
}
