namespace ShellGuard.Linux.Abi;

/// <summary>Kinds of programs: where they run and what they may call.</summary>
[CName("BPF_PROG_TYPE_", "linux/bpf.h")]
public enum BPF_PROG_TYPE
{
    RAW_TRACEPOINT = 17,
}
