namespace ShellGuard.Linux.Abi;

/// <summary>Flags of clone3(2) that this house uses.</summary>
[Flags]
[CName("CLONE_", "linux/sched.h")]
public enum CloneFlags : ulong
{
    None = 0,
    VM = 0x100,
    PIDFD = 0x1000,
    VFORK = 0x4000,
    NEWTIME = 0x80,
    NEWNS = 0x20000,
    PARENT_SETTID = 0x100000,
    NEWCGROUP = 0x2000000,
    NEWUTS = 0x4000000,
    NEWIPC = 0x8000000,
    NEWUSER = 0x10000000,
    NEWPID = 0x20000000,
    NEWNET = 0x40000000,
    CLEAR_SIGHAND = 0x100000000,
}
