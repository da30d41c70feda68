namespace ShellGuard.Audit.Tracing;

/// <summary>Names of the constants that tell one access from another. All others are written as numbers.</summary>
internal static class FlagNames
{
    /// <summary>O_TMPFILE comes before O_DIRECTORY, and O_SYNC before O_DSYNC, because they contain them.</summary>
    public static readonly FlagName[] OpenFlags =
    [
        new(0x40, "O_CREAT"), new(0x80, "O_EXCL"), new(0x100, "O_NOCTTY"), new(0x200, "O_TRUNC"), new(0x400, "O_APPEND"),
        new(0x800, "O_NONBLOCK"), new(0x101000, "O_SYNC"), new(0x1000, "O_DSYNC"), new(0x2000, "FASYNC"),
        new(0x4000, "O_DIRECT"), new(0x8000, "O_LARGEFILE"), new(0x410000, "O_TMPFILE"), new(0x10000, "O_DIRECTORY"),
        new(0x20000, "O_NOFOLLOW"), new(0x40000, "O_NOATIME"), new(0x80000, "O_CLOEXEC"), new(0x200000, "O_PATH"),
    ];

    public static readonly string[] AccessModes = ["O_RDONLY", "O_WRONLY", "O_RDWR", "O_ACCMODE"];

    public static readonly FlagName[] Protection = [new(1, "PROT_READ"), new(2, "PROT_WRITE"), new(4, "PROT_EXEC")];

    public static readonly FlagName[] Namespaces =
    [
        new(0x80, "CLONE_NEWTIME"), new(0x200, "CLONE_FS"), new(0x400, "CLONE_FILES"), new(0x20000, "CLONE_NEWNS"),
        new(0x40000, "CLONE_SYSVSEM"), new(0x2000000, "CLONE_NEWCGROUP"), new(0x4000000, "CLONE_NEWUTS"),
        new(0x8000000, "CLONE_NEWIPC"), new(0x10000000, "CLONE_NEWUSER"), new(0x20000000, "CLONE_NEWPID"),
        new(0x40000000, "CLONE_NEWNET"),
    ];

    /// <summary>Operations of prctl(2) that change what a process may do, or tell of a tracer.</summary>
    public static readonly FlagName[] ProcessOptions =
    [
        new(8, "PR_SET_KEEPCAPS"), new(22, "PR_SET_SECCOMP"), new(24, "PR_CAPBSET_DROP"), new(28, "PR_SET_SECUREBITS"),
        new(35, "PR_SET_MM"), new(38, "PR_SET_NO_NEW_PRIVS"), new(47, "PR_CAP_AMBIENT"), new(0x59616d61, "PR_SET_PTRACER"),
    ];

    public static readonly uint[] ProcessOptionValues = Array.ConvertAll(ProcessOptions, option => option.Value);

    public static readonly FlagName[] AmbientOptions =
    [
        new(1, "PR_CAP_AMBIENT_IS_SET"), new(2, "PR_CAP_AMBIENT_RAISE"), new(3, "PR_CAP_AMBIENT_LOWER"),
        new(4, "PR_CAP_AMBIENT_CLEAR_ALL"),
    ];

    public static readonly FlagName[] TraceRequests =
        [new(0, "PTRACE_TRACEME"), new(16, "PTRACE_ATTACH"), new(0x4206, "PTRACE_SEIZE")];

    public static readonly FlagName[] SeccompModes =
        [new(0, "SECCOMP_SET_MODE_STRICT"), new(1, "SECCOMP_SET_MODE_FILTER"), new(2, "SECCOMP_GET_ACTION_AVAIL")];

    public static readonly FlagName[] Families =
    [
        new(0, "AF_UNSPEC"), new(1, "AF_UNIX"), new(2, "AF_INET"), new(10, "AF_INET6"), new(16, "AF_NETLINK"),
        new(17, "AF_PACKET"), new(38, "AF_ALG"), new(40, "AF_VSOCK"), new(44, "AF_XDP"),
    ];

    public static readonly FlagName[] SocketTypes =
        [new(1, "SOCK_STREAM"), new(2, "SOCK_DGRAM"), new(3, "SOCK_RAW"), new(5, "SOCK_SEQPACKET"), new(10, "SOCK_PACKET")];

    public static readonly FlagName[] SocketFlags = [new(0x800, "SOCK_NONBLOCK"), new(0x80000, "SOCK_CLOEXEC")];

    public static readonly FlagName[] BpfCommands =
    [
        new(0, "BPF_MAP_CREATE"), new(1, "BPF_MAP_LOOKUP_ELEM"), new(2, "BPF_MAP_UPDATE_ELEM"),
        new(3, "BPF_MAP_DELETE_ELEM"), new(4, "BPF_MAP_GET_NEXT_KEY"), new(5, "BPF_PROG_LOAD"), new(6, "BPF_OBJ_PIN"),
        new(7, "BPF_OBJ_GET"), new(8, "BPF_PROG_ATTACH"), new(9, "BPF_PROG_DETACH"), new(18, "BPF_BTF_LOAD"),
        new(28, "BPF_LINK_CREATE"),
    ];
}
