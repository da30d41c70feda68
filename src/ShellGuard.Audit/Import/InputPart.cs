namespace ShellGuard.Audit.Import;

/// <summary>A file to read.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Thread">The thread that its name tells, as <c>strace -ff</c> does; 0 where it tells none.</param>
internal sealed record InputPart(string Path, int Thread);
