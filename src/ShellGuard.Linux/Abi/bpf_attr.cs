namespace ShellGuard.Linux.Abi;

/// <summary>Where things stand in <c>union bpf_attr</c>, bpf(2), whose parts have no names of their own in C.</summary>
[CName("", "stddef.h", "linux/bpf.h")]
internal static class bpf_attr
{
    [CName("offsetof(union bpf_attr, map_type)")]
    public const int map_type = 0;

    [CName("offsetof(union bpf_attr, key_size)")]
    public const int key_size = 4;

    [CName("offsetof(union bpf_attr, value_size)")]
    public const int value_size = 8;

    [CName("offsetof(union bpf_attr, max_entries)")]
    public const int max_entries = 12;

    [CName("offsetof(union bpf_attr, map_name)")]
    public const int map_name = 28;

    [CName("offsetof(union bpf_attr, map_fd)")]
    public const int map_fd = 0;

    [CName("offsetof(union bpf_attr, key)")]
    public const int key = 8;

    /// <summary>Where the value is, or for MAP_GET_NEXT_KEY where the next key goes.</summary>
    [CName("offsetof(union bpf_attr, value)")]
    public const int value = 16;

    [CName("offsetof(union bpf_attr, prog_type)")]
    public const int prog_type = 0;

    [CName("offsetof(union bpf_attr, insn_cnt)")]
    public const int insn_cnt = 4;

    [CName("offsetof(union bpf_attr, insns)")]
    public const int insns = 8;

    [CName("offsetof(union bpf_attr, license)")]
    public const int license = 16;

    [CName("offsetof(union bpf_attr, log_level)")]
    public const int log_level = 24;

    [CName("offsetof(union bpf_attr, log_size)")]
    public const int log_size = 28;

    [CName("offsetof(union bpf_attr, log_buf)")]
    public const int log_buf = 32;

    [CName("offsetof(union bpf_attr, prog_name)")]
    public const int prog_name = 48;

    [CName("offsetof(union bpf_attr, prog_btf_fd)")]
    public const int prog_btf_fd = 72;

    [CName("offsetof(union bpf_attr, func_info_rec_size)")]
    public const int func_info_rec_size = 76;

    [CName("offsetof(union bpf_attr, func_info)")]
    public const int func_info = 80;

    [CName("offsetof(union bpf_attr, func_info_cnt)")]
    public const int func_info_cnt = 88;

    [CName("offsetof(union bpf_attr, btf)")]
    public const int btf = 0;

    [CName("offsetof(union bpf_attr, btf_size)")]
    public const int btf_size = 16;

    [CName("offsetof(union bpf_attr, raw_tracepoint.name)")]
    public const int raw_tracepoint_name = 0;

    [CName("offsetof(union bpf_attr, raw_tracepoint.prog_fd)")]
    public const int raw_tracepoint_prog_fd = 8;

    [CName("offsetof(union bpf_attr, info.bpf_fd)")]
    public const int info_bpf_fd = 0;

    [CName("offsetof(union bpf_attr, info.info_len)")]
    public const int info_len = 4;

    [CName("offsetof(union bpf_attr, info.info)")]
    public const int info = 8;

    /// <summary>In <c>struct bpf_prog_info</c>: how often a program did not run because it ran already.</summary>
    [CName("offsetof(struct bpf_prog_info, recursion_misses)")]
    public const int prog_info_recursion_misses = 208;

    /// <summary>Bytes of a name, with its NUL.</summary>
    [CName("BPF_OBJ_NAME_LEN")]
    public const int NameLength = 16;

    /// <summary>Bytes that we hand over; the kernel takes what is behind them for zero.</summary>
    [CName("offsetof(union bpf_attr, func_info_cnt) + sizeof(__u32)")]
    public const int Size = 92;
}
