namespace ShellGuard.Linux.Abi;

/// <summary><c>struct clone_args</c>, clone3(2), first version.</summary>
[CStruct("struct clone_args", "linux/sched.h")]
internal struct CloneArguments
{
    public ulong flags;
    public ulong pidfd;
    public ulong child_tid;
    public ulong parent_tid;
    public ulong exit_signal;
    public ulong stack;
    public ulong stack_size;
    public ulong tls;
    public ulong set_tid;
    public ulong set_tid_size;
    public ulong cgroup;
}
