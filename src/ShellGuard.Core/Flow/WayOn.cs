using System.Collections.Immutable;
using ShellGuard.Core.Flow.Operations;

namespace ShellGuard.Core.Flow;

/// <summary>What somebody could do instead of a refused operation. Each way was tried on the model before it is
/// offered; whether the policy grants it, and its words, are for others.</summary>
public abstract record WayOn
{
    private WayOn()
    {
    }

    /// <summary>Do it in another cell.</summary>
    /// <param name="Parent">The cell that may ask for it and pass arguments on; null if it must be started apart, from
    /// a cell that knows less.</param>
    public sealed record Elsewhere(NodeId? Parent) : WayOn;

    /// <summary>Cut these edges and drop these sinks first, while the cell is frozen.</summary>
    /// <param name="Cuts"><see cref="Disconnect"/> and <see cref="DropSink"/>; none of them can be spared.</param>
    public sealed record Sever(ImmutableArray<FlowOperation> Cuts) : WayOn;

    /// <summary>Stop these cells first.</summary>
    public sealed record FreezeOthers(ImmutableArray<FlowOperation> Cells) : WayOn;

    /// <summary>Send what is allowed out through a gate.</summary>
    /// <param name="Gate">Its index in the policy.</param>
    /// <param name="BitsLeft">What it lets out without being filled again.</param>
    public sealed record ThroughGate(int Gate, long BitsLeft) : WayOn;
}
