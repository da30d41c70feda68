namespace ShellGuard.Linux.Abi;

/// <summary>Functions of the kernel that a program calls, bpf-helpers(7). Arguments stand in r1 to r5, the result in r0,
/// and r1 to r5 are lost.</summary>
[CName("BPF_FUNC_", "linux/bpf.h")]
public enum BPF_FUNC
{
    map_lookup_elem = 1,
    map_update_elem = 2,
    map_delete_elem = 3,
    ktime_get_ns = 5,
    get_current_pid_tgid = 14,
    get_current_task = 35,
    current_task_under_cgroup = 37,
    probe_read_user = 112,
    probe_read_kernel = 113,
    probe_read_user_str = 114,
    probe_read_kernel_str = 115,
    ringbuf_output = 130,
    ringbuf_query = 134,
    get_current_task_btf = 158,
    task_pt_regs = 175,
}
