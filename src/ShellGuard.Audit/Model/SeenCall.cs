namespace ShellGuard.Audit.Model;

/// <summary>A system call that was seen.</summary>
/// <param name="Name">As the kernel calls it.</param>
/// <param name="Count">How often.</param>
public sealed record SeenCall(string Name, long Count);
