using System.Runtime.InteropServices;

namespace ShellGuard.Linux.Calls;

/// <summary>Which object a descriptor is.</summary>
/// <param name="Device">st_dev, inode(7). On an overlay it can differ from the mount's own device.</param>
/// <param name="Inode">st_ino.</param>
/// <param name="Mode">File type and permissions, st_mode.</param>
/// <param name="MountId">The mount it was reached through: the first field of proc_pid_mountinfo(5).</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ObjectIdentity(ulong Device, ulong Inode, uint Mode, ulong MountId)
{
    /// <summary>Whether it is a socket.</summary>
    public bool IsSocket => (Mode & 0xf000) == 0xc000;
}
