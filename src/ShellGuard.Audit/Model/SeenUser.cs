namespace ShellGuard.Audit.Model;

/// <summary>The name that a user had on the host that was recorded, when it was.</summary>
/// <param name="Number">The number that accesses have.</param>
/// <param name="Name">As the name service of that host has it.</param>
public sealed record SeenUser(long Number, string Name);
