namespace ShellGuard.Cells.Limiting;

/// <summary>Where a session's control group is made, and what is written into it.</summary>
/// <param name="Version">1 or 2, cgroups(7).</param>
/// <param name="Parent">The directory that it is made in.</param>
/// <param name="Settings">In this order.</param>
public sealed record CgroupPlace(int Version, string Parent, IReadOnlyList<CgroupSetting> Settings)
{
    /// <summary>Controllers that <see cref="Parent"/> has but does not give to its children yet.</summary>
    public IReadOnlyList<string> ToEnable { get; init; } = [];

    /// <summary>Whether this process has to leave <see cref="Parent"/> first: only a group without processes of its
    /// own can give controllers to its children, cgroups(7) "no internal processes".</summary>
    public bool MustLeave { get; init; }
}
