namespace ShellGuard.Linux.Calls;

/// <summary>A user of the host, passwd(5).</summary>
public sealed record Account(string Name, uint Uid, uint Gid, string Home, string Shell);
