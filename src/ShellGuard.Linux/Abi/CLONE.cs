namespace ShellGuard.Linux.Abi;

/// <summary>Flags of clone(2) and unshare(2).</summary>
[Flags]
[CName("CLONE_", "linux/sched.h")]
public enum CLONE : ulong
{
    NEWTIME = 0x80,
    VM = 0x100,
    FS = 0x200,
    FILES = 0x400,
    SIGHAND = 0x800,
    PIDFD = 0x1000,
    VFORK = 0x4000,
    THREAD = 0x10000,
    NEWNS = 0x20000,
    SYSVSEM = 0x40000,
    NEWCGROUP = 0x2000000,
    NEWUTS = 0x4000000,
    NEWIPC = 0x8000000,
    NEWUSER = 0x10000000,
    NEWPID = 0x20000000,
    NEWNET = 0x40000000,
    CLEAR_SIGHAND = 0x100000000,
    INTO_CGROUP = 0x200000000,
}
