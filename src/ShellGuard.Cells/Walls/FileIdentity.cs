using ShellGuard.Linux.Calls;

namespace ShellGuard.Cells.Walls;

/// <summary>Which file it is, whatever its name. The number of an inode is used again when its file is gone, the time when
/// it was made is not, statx(2). The device is left out: its number may be another one after the next boot.</summary>
/// <param name="Inode">Its number.</param>
/// <param name="Born">Seconds and nanoseconds; empty where the file system does not keep it, and then whatever has the number
/// is taken for the file.</param>
internal sealed record FileIdentity(ulong Inode, string Born)
{
    public static FileIdentity Of(in FileStatus status) => new(status.Inode, status.Born?.ToString() ?? "");
}
