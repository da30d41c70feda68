using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;

namespace ShellGuard.Cells.Walls;

/// <summary>A refusal of the flow model, with what it was asked.</summary>
/// <param name="State">The state in which it was asked.</param>
/// <param name="Operation">What was asked.</param>
/// <param name="Refusal">Why not.</param>
internal sealed record FlowDenial(FlowState State, FlowOperation Operation, FlowRefusal Refusal)
{
    private const string NoWay =
        "none in this policy: keep it in a file where it comes from, or give the policy a gate, docs/walls.md";

    /// <summary>Conflict and paths, each on a line.</summary>
    /// <param name="text">Names and times as the person knows them.</param>
    public IEnumerable<string> Because(FlowText text) => text.Because(State, Operation, FlowExplanation.Of(Refusal));

    /// <summary>What was refused and why, in one line.</summary>
    /// <param name="text">Names and times as the person knows them.</param>
    public string Reason(FlowText text) => string.Join(
        "; ",
        [
            text.Refused(State, Operation),

            // Without the columns that they have below each other.
            .. Because(text).Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))),
        ]);

    /// <summary>What can be done instead, in one line.</summary>
    /// <param name="text">Names as the person knows them.</param>
    public string WayOn(FlowText text)
    {
        string[] ways = [.. text.Ways(State, WaysOn.Of(State, Operation, Refusal))];
        return ways.Length > 0 ? string.Join("; or ", ways) : NoWay;
    }
}
