using ShellGuard.Linux.Seccomp;
using static ShellGuard.Audit.Tracing.ArgumentForm;

namespace ShellGuard.Audit.Tracing;

/// <summary>Calls that run programs, reach other processes or change what a process may do.</summary>
internal static partial class TracedCalls
{
    private static readonly TracedCall[] Processes =
    [
        new("execve", 59, 11, PathName, Arguments, Variables),
        new("execveat", 322, 358, DirectoryFd, PathName, Arguments, Variables, Flags),
        new("kill", 62, 37, Number, Number),
        new("tkill", 200, 238, Number, Number),
        new("tgkill", 234, 270, Number, Number, Number),
        new("rt_sigqueueinfo", 129, 178, Number, Number, Address),
        new("rt_tgsigqueueinfo", 297, 335, Number, Number, Number, Address),
        new("pidfd_send_signal", 424, 424, Descriptor, Number, Address, Flags),
        new("ptrace", 101, 26, TraceRequest, Number, Address, Address),
        new("process_vm_readv", 310, 347, Number, Address, Number, Address, Number, Flags),
        new("process_vm_writev", 311, 348, Number, Address, Number, Address, Number, Flags),
        new("pidfd_getfd", 438, 438, Descriptor, Number, Flags),
        new("process_madvise", 440, 440, Descriptor, Address, Number, Number, Flags),
        new("kcmp", 312, 349, Number, Number, Number, Number, Number),
        new("unshare", 272, 310, Namespaces),
        new("setns", 308, 346, Descriptor, Flags),
        new("setuid", 105, 23, Number),
        new("setuid32", None, 213, Number),
        new("setgid", 106, 46, Number),
        new("setgid32", None, 214, Number),
        new("setfsuid", 122, 138, Number),
        new("setfsuid32", None, 215, Number),
        new("setfsgid", 123, 139, Number),
        new("setfsgid32", None, 216, Number),
        new("setreuid", 113, 70, Number, Number),
        new("setreuid32", None, 203, Number, Number),
        new("setregid", 114, 71, Number, Number),
        new("setregid32", None, 204, Number, Number),
        new("setresuid", 117, 164, Number, Number, Number),
        new("setresuid32", None, 208, Number, Number, Number),
        new("setresgid", 119, 170, Number, Number, Number),
        new("setresgid32", None, 210, Number, Number, Number),
        new("setgroups", 116, 81, Number, Address),
        new("setgroups32", None, 206, Number, Address),
        new("capset", 126, 185, Address, Address),
        new("seccomp", 317, 354, SeccompMode, Flags, Address),
        new("prctl", 157, 172, ProcessOption, Capability, Capability)
        {
            NativeTests = [new TraceTest(0, uint.MaxValue, FlagNames.ProcessOptionValues)],
            CompatibleTests = [new TraceTest(0, uint.MaxValue, FlagNames.ProcessOptionValues)],
        },
        new("clone3", 435, 435),
        new("clone", 56, 120) { NativeTests = [new TraceTest(0, CLONE_UNTRACED)], CompatibleTests = [new TraceTest(0, CLONE_UNTRACED)] },
    ];
}
