namespace ShellGuard.Core.Flow.Operations;

/// <summary>Something that changes who can reach whom. Plain data: a journal of operations, applied again in the same
/// order, gives the same state, and a supervisor that lost its memory ends where it was or nowhere.</summary>
public abstract record FlowOperation;
