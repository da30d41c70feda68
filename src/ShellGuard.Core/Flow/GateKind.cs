namespace ShellGuard.Core.Flow;

/// <summary>Who vouches for what passes a gate. The numbers are frozen: they stand in journals.</summary>
public enum GateKind
{
    /// <summary>A program whose output has a declared form; its budget is spent bit by bit.</summary>
    Filter = 0,

    /// <summary>A person who saw the exact bytes; whatever passes uses the approval up.</summary>
    Approval = 1,
}
