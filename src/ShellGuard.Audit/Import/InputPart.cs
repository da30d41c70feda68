namespace ShellGuard.Audit.Import;

/// <summary>A file to read.</summary>
/// <param name="Input">The file.</param>
/// <param name="Thread">The thread that its name tells, as <c>strace -ff</c> does; 0 where it tells none.</param>
internal sealed record InputPart(OpenInput Input, int Thread);
