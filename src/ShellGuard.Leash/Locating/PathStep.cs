using System.Runtime.InteropServices;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Leash.Locating;

/// <summary>One name on the way to a file.</summary>
/// <param name="Path">From the root, without links on the way.</param>
/// <param name="Status">What is there.</param>
/// <param name="LinkTarget">Where it leads when it is a symbolic link, else null.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PathStep(string Path, FileStatus Status, string? LinkTarget)
{
    private const uint GroupWrite = 0x10;
    private const uint OthersWrite = 0x2;

    /// <summary>Who else than root could put something else here: a clause, or null for nobody. With an access control
    /// list the group's bits are its mask, acl(5), so that they cover it too.</summary>
    public string? Weakness =>
        Status.Owner != 0 ? $"{Path} belongs to user {Status.Owner}"
        : LinkTarget is not null ? null
        : (Status.Mode & OthersWrite) != 0 ? $"everybody can write {Path} (mode {Octal})"
        : (Status.Mode & GroupWrite) != 0 ? $"group {Status.Group} can write {Path} (mode {Octal})"
        : null;

    private string Octal => Convert.ToString(Status.Mode, 8);
}
