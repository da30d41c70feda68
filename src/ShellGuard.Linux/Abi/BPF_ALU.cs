namespace ShellGuard.Linux.Abi;

/// <summary>What an instruction of eBPF computes.</summary>
[CName("BPF_", "linux/bpf.h")]
public enum BPF_ALU
{
    ADD = 0x00,
    SUB = 0x10,
    OR = 0x40,
    AND = 0x50,
    LSH = 0x60,
    RSH = 0x70,
    MOV = 0xb0,
    ARSH = 0xc0,

}
