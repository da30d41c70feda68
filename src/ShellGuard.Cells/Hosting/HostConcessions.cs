namespace ShellGuard.Cells.Hosting;

/// <summary>What a cell does without because its host lacks it and the user accepted that with
/// <c>--allow-degraded</c>.</summary>
public sealed record HostConcessions
{
    /// <summary>The Landlock version that the launch is written for: scopes came with 6, moving files between
    /// directories with 2, landlock(7).</summary>
    public const int FullLandlock = 6;

    public static HostConcessions None { get; } = new();

    /// <summary>0 is no Landlock at all.</summary>
    public int LandlockVersion { get; init; } = FullLandlock;

    /// <summary>Whether signals may interrupt trapped calls.</summary>
    public bool Interruptible { get; init; }

    public bool WithoutTimeNamespace { get; init; }

    public bool WithoutCgroupNamespace { get; init; }

    /// <summary>Whether copy-on-write directories are read-only, and hidden names covered where they exist.</summary>
    public bool WithoutOverlay { get; init; }

    /// <summary>For the journal and the person.</summary>
    public IReadOnlyList<Concession> All { get; init; } = [];
}
