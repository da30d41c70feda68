namespace ShellGuard.Linux.Abi;

/// <summary>Parts of the instruction codes of eBPF, which an instruction joins by or; those that it shares with classic
/// BPF as well.</summary>
[CName("BPF_", "linux/bpf.h")]
internal static class EBPF
{
    public const int LD = 0x00;
    public const int LDX = 0x01;
    public const int ST = 0x02;
    public const int STX = 0x03;
    public const int JMP = 0x05;
    public const int ALU64 = 0x07;

    public const int IMM = 0x00;
    public const int MEM = 0x60;
    public const int ATOMIC = 0xc0;

    public const int K = 0x00;
    public const int X = 0x08;

    public const int JA = 0x00;
    public const int CALL = 0x80;
    public const int EXIT = 0x90;

    /// <summary>In the source register of a 64-bit constant: the value is a map's descriptor.</summary>
    public const int PSEUDO_MAP_FD = 1;

    /// <summary>In the source register of a call: the value is a distance within the program.</summary>
    public const int PSEUDO_CALL = 1;
}
