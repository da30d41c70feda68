using ShellGuard.Core.Flow;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Gates;

/// <summary>Which gate, and between which nodes of the flow graph.</summary>
/// <param name="Index">Its index in the policy.</param>
/// <param name="Gate">What the policy says of it.</param>
/// <param name="Label">What comes in.</param>
/// <param name="Node">The gate's own cell, which knows what comes in.</param>
/// <param name="To">The cell that gets what passes.</param>
internal sealed record GatePlace(int Index, GateRule Gate, TagSet Label, NodeId Node, NodeId To);
