using System.Diagnostics;
using ShellGuard.Core.Events;
using ShellGuard.Linux;

namespace ShellGuard.Cells.Limiting;

/// <summary>Looks at regular times whether a limit has struck. Costs nothing where no limit needs it.</summary>
internal sealed class LimitWatch : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Measuring layers takes at most this part of the time.</summary>
    private const int LayerShare = 20;
    private static readonly TimeSpan LayerPause = TimeSpan.FromSeconds(1);

    private readonly CellCgroup _group;
    private readonly IReadOnlyList<string> _layers;
    private readonly long? _layerBytes;
    private readonly Action<LimitStrike, bool> _struck;
    private readonly Lock _lock = new();
    private readonly Timer? _timer;

    // Guarded by _lock.
    private TimeSpan _untilLayers = LayerPause;
    private bool _layerTold;
    private bool _ended;

    /// <param name="plan">The limits.</param>
    /// <param name="group">Stays the caller's.</param>
    /// <param name="layers">The upper directories of the session.</param>
    /// <param name="struck">Called on another thread with each strike, and whether it must end the session.</param>
    public LimitWatch(
        LimitPlan plan, CellCgroup group, IReadOnlyList<string> layers, Action<LimitStrike, bool> struck)
    {
        _group = group;
        _layers = layers;
        _struck = struck;
        _layerBytes = plan.Limits.FirstOrDefault(limit => limit.Kind is LimitKind.LayerSize)?.Value;
        if (plan.Groups.Count > 0 || _layerBytes is not null)
        {
            _timer = new Timer(_ => Look(last: false), null, Pause, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Looks a last time, after the cell's end.</summary>
    public void End() => Look(last: true);

    public void Dispose()
    {
        // First this, so that no look that is under way sets a disposed timer.
        lock (_lock)
        {
            _ended = true;
        }

        _timer?.Dispose();
    }

    private void Look(bool last)
    {
        lock (_lock)
        {
            if (_ended)
            {
                return;
            }

            _ended = last;
            foreach (LimitStrike strike in _group.Look(last))
            {
                _struck(strike, false);
            }

            if (_layerBytes is { } limit && (last || (_untilLayers -= Pause) <= TimeSpan.Zero))
            {
                MeasureLayers(limit, last);
            }

            if (!last)
            {
                _timer?.Change(Pause, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void MeasureLayers(long limit, bool last)
    {
        long began = Stopwatch.GetTimestamp();
        LinuxResult measured = LayerSize.Measure(_layers, limit, out long bytes);
        TimeSpan share = Stopwatch.GetElapsedTime(began) * LayerShare;
        _untilLayers = share > LayerPause ? share : LayerPause;
        if (_layerTold || (measured.Succeeded && bytes <= limit))
        {
            return;
        }

        _layerTold = true;
        string problem = bytes > limit ? "" : $"a layer cannot be measured ({measured}), ";
        string effect = last ? "the command had ended; what it changed is kept" : "the session was ended; what it changed is kept";
        _struck(new LimitStrike(LimitKind.LayerSize, limit, problem + effect), !last);
    }
}
