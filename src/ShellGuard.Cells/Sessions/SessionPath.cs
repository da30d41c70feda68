using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Sessions;

/// <summary>For calls that take a directory and a name, where the name is absolute: the kernel then ignores the
/// directory, openat(2).</summary>
internal static class SessionPath
{
    public static Descriptor Root { get; } = new();
}
