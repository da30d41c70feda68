namespace ShellGuard.Linux.Abi;

/// <summary>Kinds of maps, which programs in the kernel share with us.</summary>
[CName("BPF_MAP_TYPE_", "linux/bpf.h")]
public enum BPF_MAP_TYPE
{
    HASH = 1,
    ARRAY = 2,
    PERCPU_ARRAY = 6,
    CGROUP_ARRAY = 8,
    RINGBUF = 27,
}
