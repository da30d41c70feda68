namespace ShellGuard.Linux.Abi;

/// <summary>Ring buffers of eBPF, Documentation/bpf/ringbuf.rst.</summary>
[CName("BPF_", "linux/bpf.h")]
public static class BPF_RB
{
    /// <summary>Do not wake who waits for the ring.</summary>
    [CName("BPF_RB_NO_WAKEUP")]
    public const int NO_WAKEUP = 1;

    /// <summary>Wake it.</summary>
    [CName("BPF_RB_FORCE_WAKEUP")]
    public const int FORCE_WAKEUP = 2;

    /// <summary>Asks how many bytes wait to be read.</summary>
    [CName("BPF_RB_AVAIL_DATA")]
    public const int AVAIL_DATA = 0;

    public const uint RINGBUF_BUSY_BIT = 1u << 31;
    public const uint RINGBUF_DISCARD_BIT = 1u << 30;
    public const int RINGBUF_HDR_SZ = 8;
}
