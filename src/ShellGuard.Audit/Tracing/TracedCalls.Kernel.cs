using static ShellGuard.Audit.Tracing.ArgumentForm;

namespace ShellGuard.Audit.Tracing;

/// <summary>Calls that reach the kernel itself.</summary>
internal static partial class TracedCalls
{
    private static readonly TracedCall[] Kernel =
    [
        new("init_module", 175, 128, Address, Number, Text),
        new("finit_module", 313, 350, Descriptor, Text, Flags),
        new("delete_module", 176, 129, Text, Flags),
        new("kexec_load", 246, 283, Address, Number, Address, Flags),
        new("kexec_file_load", 320, None, Descriptor, Descriptor, Number, Text, Flags),
        new("bpf", 321, 357, BpfCommand, Address, Number),
        new("io_uring_setup", 425, 425, Number, Address),
        new("perf_event_open", 298, 336, Address, Number, Number, Descriptor, Flags),
        new("userfaultfd", 323, 374, Flags),
        new("sethostname", 170, 74, Text, Number),
        new("setdomainname", 171, 121, Text, Number),
        new("settimeofday", 164, 79, Address, Address),
        new("clock_settime", 227, 264, Number, Address),
        new("clock_settime64", None, 404, Number, Address),
        new("stime", None, 25, Address),
        new("reboot", 169, 88, Flags, Flags, Flags, Address),
        new("syslog", 103, 103, Number, Address, Number),
        new("iopl", 172, 110, Number),
        new("ioperm", 173, 101, Number, Number, Number),
        new("modify_ldt", 154, 123, Number, Address, Number),
        new("add_key", 248, 286, Text, Text, Address, Number, Number),
        new("request_key", 249, 287, Text, Text, Text, Number),
        new("keyctl", 250, 288, Number, Number, Number, Number, Number),
        new("quotactl", 179, 131, Flags, Text, Number, Address),
        new("quotactl_fd", 443, 443, Descriptor, Flags, Number, Address),
        new("open_by_handle_at", 304, 342, Descriptor, Address, Flags),
        new("fanotify_init", 300, 338, Flags, Flags),
        new("fanotify_mark", 301, 339, Descriptor, Flags, Flags, DirectoryFd, PathName),
        new("vhangup", 153, 111),
        new("fsopen", 430, 430, Text, Flags),
        new("fsmount", 432, 432, Descriptor, Flags, Flags),
        new("fspick", 433, 433, DirectoryFd, PathName, Flags),
        new("move_mount", 429, 429, DirectoryFd, PathName, DirectoryFd, PathName, Flags),
        new("mount_setattr", 442, 442, DirectoryFd, PathName, Flags, Address, Number),
    ];
}
