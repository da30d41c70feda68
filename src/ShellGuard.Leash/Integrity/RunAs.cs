using ShellGuard.Linux.Calls;

namespace ShellGuard.Leash.Integrity;

/// <summary>A user that a pipeline of root's leash runs as.</summary>
/// <param name="Account">As the host knows it.</param>
/// <param name="Groups">All groups of that user, the first one included.</param>
public sealed record RunAs(Account Account, IReadOnlyList<uint> Groups);
