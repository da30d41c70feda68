using System.Runtime.InteropServices;

namespace ShellGuard.Linux.Abi;

/// <summary>The sizes that the running kernel uses, in bytes, seccomp_unotify(2).</summary>
[CStruct("struct seccomp_notif_sizes", "linux/seccomp.h")]
[StructLayout(LayoutKind.Sequential)]
internal struct seccomp_notif_sizes
{
    public ushort seccomp_notif;
    public ushort seccomp_notif_resp;
    public ushort seccomp_data;
}
