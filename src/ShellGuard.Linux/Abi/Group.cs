using System.Runtime.InteropServices;

namespace ShellGuard.Linux.Abi;

/// <summary>A line of the group database, getgrnam(3).</summary>
[CStruct("struct group", "grp.h")]
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Group
{
    public byte* gr_name;
    public byte* gr_passwd;
    public uint gr_gid;
    public byte** gr_mem;
}
