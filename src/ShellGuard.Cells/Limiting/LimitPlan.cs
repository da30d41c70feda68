namespace ShellGuard.Cells.Limiting;

/// <summary>How this host holds the limits of a policy: pure data, printed by <c>shellguard plan</c>.</summary>
/// <param name="Limits">Every limit of the policy.</param>
/// <param name="Groups">The control groups to be made; none where no limit needs one.</param>
public sealed record LimitPlan(IReadOnlyList<HeldLimit> Limits, IReadOnlyList<CgroupPlace> Groups)
{
    public static LimitPlan None { get; } = new([], []);

    /// <summary>Processes and threads by setrlimit(2), or null where that does not hold the limit.</summary>
    public long? ProcessesPerUser { get; init; }

    /// <summary>Limits that nothing holds here.</summary>
    public IReadOnlyList<HeldLimit> Unheld => [.. Limits.Where(limit => !limit.IsHeld)];
}
