namespace ShellGuard.Audit.Model;

/// <summary>What the times of a recording count from.</summary>
public enum TraceClock
{
    /// <summary>It has no times, or only differences between lines of several files.</summary>
    None,

    /// <summary>Microseconds since 1970, UTC (strace -ttt, our own tracer).</summary>
    Utc,

    /// <summary>Microseconds since midnight of the day on which it began; the day is not known (strace -t, -tt).</summary>
    Day,

    /// <summary>Microseconds since something that is not known, as the start of the host (perf) or of the recording (strace -r).
    /// </summary>
    Uptime,
}
