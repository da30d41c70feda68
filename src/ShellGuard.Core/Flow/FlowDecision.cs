namespace ShellGuard.Core.Flow;

/// <summary>The answer to an operation.</summary>
/// <param name="State">The state after it; the state before it where it was refused. The supervisor writes the operation
/// to the journal before it takes this for the truth and acts.</param>
/// <param name="Refusal">Null where it is allowed.</param>
/// <param name="Exit">For the end of a cell, what its parent may be told.</param>
public sealed record FlowDecision(FlowState State, FlowRefusal? Refusal, ExitReport Exit = ExitReport.Nothing)
{
    public bool Allowed => Refusal is null;
}
