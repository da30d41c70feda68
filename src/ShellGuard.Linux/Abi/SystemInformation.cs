using System.Runtime.InteropServices;

namespace ShellGuard.Linux.Abi;

/// <summary>What sysinfo(2) tells of the machine.</summary>
[CStruct("struct sysinfo", "sys/sysinfo.h")]
[StructLayout(LayoutKind.Sequential)]
public struct SystemInformation
{
    public long uptime;
    private ulong _load1;
    private ulong _load5;
    private ulong _load15;
    public ulong totalram;
    public ulong freeram;
    public ulong sharedram;
    public ulong bufferram;
    public ulong totalswap;
    public ulong freeswap;
    public ushort procs;
    public ushort pad;
    public ulong totalhigh;
    public ulong freehigh;
    public uint mem_unit;
}
