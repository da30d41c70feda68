using System.Runtime.InteropServices;

namespace ShellGuard.Linux.Abi;

/// <summary>A line of the user database, getpwnam(3).</summary>
[CStruct("struct passwd", "pwd.h")]
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Passwd
{
    public byte* pw_name;
    public byte* pw_passwd;
    public uint pw_uid;
    public uint pw_gid;
    public byte* pw_gecos;
    public byte* pw_dir;
    public byte* pw_shell;
}
