using ShellGuard.Core.Events;

namespace ShellGuard.Cells.Limiting;

/// <summary>A limit that struck.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Value">The limit, in the units of <see cref="HeldLimit"/>.</param>
/// <param name="Effect">One clause: what happened.</param>
public sealed record LimitStrike(LimitKind Kind, long Value, string Effect)
{
    /// <summary>For the person, in one line.</summary>
    public override string ToString() => $"limit reached: {LimitText.Describe(Kind, Value)}: {Effect}";
}
