using System.Runtime.InteropServices;

namespace ShellGuard.Linux.Abi;

/// <summary>A call that waits for an answer, seccomp_unotify(2).</summary>
[CStruct("struct seccomp_notif", "linux/seccomp.h")]
[StructLayout(LayoutKind.Sequential)]
internal struct seccomp_notif
{
    public ulong id;
    public uint pid;
    public uint flags;
    public seccomp_data data;
}
