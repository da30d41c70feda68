using System.Collections.Immutable;

namespace ShellGuard.Core.Flow.Drawing;

/// <summary>Draws a session: who has what, who reaches what, what was let through gates and what was refused. The same
/// state gives the same drawing to the byte.</summary>
/// <remarks>It shows everything. Who may see it is decided before.</remarks>
public sealed class FlowDrawing(FlowState state)
{
    /// <summary>What a node is called, where its own name does not do.</summary>
    public Func<FlowNode, string?>? NameOf { get; init; }

    /// <summary>Operations that were refused and are to be shown, in their order.</summary>
    public ImmutableArray<RefusedOperation> Refused { get; init; } = [];

    /// <summary>Whether cells that are gone are shown, too.</summary>
    public bool WithEnded { get; init; }

    /// <summary>Lines for a terminal.</summary>
    public string ToText() => TextDrawing.Write(state, Graph());

    /// <summary>A graph for Graphviz.</summary>
    public string ToDot() => DotDrawing.Write(Graph());

    /// <summary>A picture of its own, without scripts or anything from elsewhere.</summary>
    public string ToSvg() => SvgDrawing.Write(Graph());

    private FlowGraph Graph() => FlowGraph.Of(state, Refused.IsDefault ? [] : Refused, NameOf, WithEnded);
}
