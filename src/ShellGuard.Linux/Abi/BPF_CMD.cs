namespace ShellGuard.Linux.Abi;

/// <summary>What bpf(2) is asked for.</summary>
[CName("BPF_", "linux/bpf.h")]
internal enum BPF_CMD
{
    MAP_CREATE = 0,
    MAP_LOOKUP_ELEM = 1,
    MAP_UPDATE_ELEM = 2,
    MAP_GET_NEXT_KEY = 4,
    PROG_LOAD = 5,
    OBJ_GET_INFO_BY_FD = 15,
    RAW_TRACEPOINT_OPEN = 17,
    BTF_LOAD = 18,
}
