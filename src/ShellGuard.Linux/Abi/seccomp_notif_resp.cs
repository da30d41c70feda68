using System.Runtime.InteropServices;

namespace ShellGuard.Linux.Abi;

/// <summary>The answer to a call that waits, seccomp_unotify(2).</summary>
[CStruct("struct seccomp_notif_resp", "linux/seccomp.h")]
[StructLayout(LayoutKind.Sequential)]
internal struct seccomp_notif_resp
{
    public ulong id;
    public long val;
    public int error;
    public uint flags;
}
