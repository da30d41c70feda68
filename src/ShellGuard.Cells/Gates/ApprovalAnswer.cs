namespace ShellGuard.Cells.Gates;

/// <summary>What people said.</summary>
/// <param name="Problem">Why nothing may go out; null where it may, once.</param>
internal sealed record ApprovalAnswer(string? Problem);
