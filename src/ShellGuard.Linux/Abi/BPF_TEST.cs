namespace ShellGuard.Linux.Abi;

/// <summary>When an instruction of eBPF jumps. All comparisons are of 64 bits; those with an S are signed.</summary>
[CName("BPF_", "linux/bpf.h")]
public enum BPF_TEST
{
    JEQ = 0x10,
    JGT = 0x20,
    JGE = 0x30,
    JSET = 0x40,
    JNE = 0x50,
    JSGT = 0x60,
    JLT = 0xa0,
    JLE = 0xb0,
    JSLT = 0xc0,
}
