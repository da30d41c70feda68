namespace ShellGuard.Linux.Abi;

/// <summary>How much an instruction of eBPF loads or stores.</summary>
[CName("BPF_", "linux/bpf.h")]
public enum BPF_SIZE
{
    /// <summary>One byte.</summary>
    B = 0x10,

    /// <summary>Two.</summary>
    H = 0x08,

    /// <summary>Four.</summary>
    W = 0x00,

    /// <summary>Eight.</summary>
    DW = 0x18,
}
