namespace ShellGuard.Cells.Sessions;

/// <summary>Whose session it is.</summary>
public sealed record SessionUser(string Name, uint Uid, uint Gid, string Home);
