namespace ShellGuard.Core.Flow;

/// <summary>Why an operation was refused, and all that is needed to explain it later.</summary>
/// <param name="Conflict">The conflict set, for <see cref="RefusalReason.Conflict"/> and
/// <see cref="RefusalReason.Exclusive"/>.</param>
/// <param name="Node">Where it would have happened.</param>
/// <param name="Tags">What would have met there.</param>
/// <param name="Attempt">The state that was not entered; explanations are read from it.</param>
public sealed record FlowRefusal(
    RefusalReason Reason, ConflictSet? Conflict, NodeId Node, TagSet Tags, FlowState Attempt);
