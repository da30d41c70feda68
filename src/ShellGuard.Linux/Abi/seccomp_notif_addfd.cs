using System.Runtime.InteropServices;

namespace ShellGuard.Linux.Abi;

/// <summary>A descriptor to put into the process that waits, seccomp_unotify(2).</summary>
[CStruct("struct seccomp_notif_addfd", "linux/seccomp.h")]
[StructLayout(LayoutKind.Sequential)]
internal struct seccomp_notif_addfd
{
    public ulong id;
    public uint flags;
    public uint srcfd;
    public uint newfd;
    public uint newfd_flags;
}
