namespace ShellGuard.Journal.Recordings;

/// <summary>How to play a recording.</summary>
public sealed record ReplayOptions
{
    /// <summary>How many times faster than it was; more than 0.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>Where to start, in seconds; what was before is drawn at once, so that the screen is right.</summary>
    public double From { get; init; }

    /// <summary>Longest pause, in seconds before <see cref="Speed"/>; null for as long as it was.</summary>
    public double? IdleLimit { get; init; }

    /// <summary>What to let through to the viewer's terminal beyond drawing.</summary>
    public TerminalFeatures Features { get; init; }
}
