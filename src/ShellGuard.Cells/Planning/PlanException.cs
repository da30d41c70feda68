namespace ShellGuard.Cells.Planning;

/// <summary>A policy that cannot be held on this host. The message names the rule and the way on.</summary>
public sealed class PlanException(string message) : Exception(message);
