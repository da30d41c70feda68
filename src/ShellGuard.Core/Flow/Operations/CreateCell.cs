namespace ShellGuard.Core.Flow.Operations;

/// <summary>A cell is made, running, holding nothing.</summary>
/// <param name="Parent">Whose request it is; its history comes along with the arguments.</param>
/// <param name="Label">Sources that the cell starts with, besides its parent's.</param>
/// <param name="Clearance">What it may ever get; equal to the label for a pinned cell.</param>
public sealed record CreateCell(NodeId Cell, string Name, NodeId? Parent, TagSet Label, Clearance Clearance) : FlowOperation;
