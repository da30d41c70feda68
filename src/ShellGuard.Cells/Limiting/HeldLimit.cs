using ShellGuard.Core;
using ShellGuard.Core.Events;

namespace ShellGuard.Cells.Limiting;

/// <summary>One limit of a policy and what holds it on this host.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Value">In bytes, processes, percent of one core, seconds or files by its kind.</param>
/// <param name="Holder">What holds it.</param>
/// <param name="How">One clause: the kernel's file or call; for a limit that nothing holds, why.</param>
public sealed record HeldLimit(LimitKind Kind, long Value, LimitHolder Holder, string How)
{
    /// <summary>The rule, or null where the limit is not from a policy.</summary>
    public RuleSource? Rule { get; init; }

    public bool IsHeld => Holder != LimitHolder.Nothing;

    /// <summary>For example <c>memory 512 MiB: cgroup v1 memory.limit_in_bytes</c>.</summary>
    public override string ToString() => $"{LimitText.Describe(Kind, Value)}: {(IsHeld ? How : $"not held, {How}")}";
}
