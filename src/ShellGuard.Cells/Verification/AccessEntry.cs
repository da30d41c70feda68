namespace ShellGuard.Cells.Verification;

/// <summary>An entry for the user of a trial in a file's access control list, acl(5).</summary>
/// <param name="Path">The file or directory; links are followed.</param>
/// <param name="Rights">4 to read, 2 to write, 1 to execute or pass through.</param>
public sealed record AccessEntry(string Path, uint Rights);
