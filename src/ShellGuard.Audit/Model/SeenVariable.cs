namespace ShellGuard.Audit.Model;

/// <summary>The name of a variable of the environment. Values are never kept.</summary>
/// <param name="Name">As the recording has it.</param>
/// <param name="IsGiven">Whether the command was started with it; else it gave it to what it started.</param>
/// <param name="Count">How many executions had it.</param>
/// <param name="Origin">Where it was seen first.</param>
public sealed record SeenVariable(string Name, bool IsGiven, long Count, Origin Origin);
