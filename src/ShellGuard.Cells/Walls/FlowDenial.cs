using System.Collections.Immutable;
using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;

namespace ShellGuard.Cells.Walls;

/// <summary>A refusal of the flow model, with what it was asked.</summary>
/// <param name="State">The state in which it was asked.</param>
/// <param name="Operation">What was asked.</param>
/// <param name="Refusal">Why not.</param>
internal sealed record FlowDenial(FlowState State, FlowOperation Operation, FlowRefusal Refusal)
{
    /// <summary>The whole explanation, for the person: conflict, paths and ways on.</summary>
    /// <param name="text">Names and times as the person knows them.</param>
    public string Explain(FlowText text)
    {
        ImmutableArray<WayOn> ways = WaysOn.Of(State, Operation, Refusal);
        return text.Explain(State, Operation, FlowExplanation.Of(Refusal), ways);
    }
}
