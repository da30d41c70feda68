using static ShellGuard.Linux.Abi.SystemCall;

namespace ShellGuard.Linux.Seccomp;

/// <content>What an administrator does to a whole machine.</content>
public sealed partial class SystemCallTable
{
    private static void AddAdministration(SystemCallTableBuilder lines)
    {
        lines.Deny(Errno.EPERM, "another kernel", kexec_load, kexec_file_load, reboot);
        lines.Deny(Errno.EPERM, "kernel modules", init_module, finit_module, delete_module);
        lines.Deny(Errno.EPERM, "swap and accounting of the machine", swapon, swapoff, acct, quotactl, quotactl_fd);
        lines.Deny(Errno.EPERM, "input and output ports", iopl, ioperm);
        lines.Deny(Errno.EPERM, "the kernel's log", syslog);
        lines.Deny(Errno.EPERM, "hangs up a terminal", vhangup);
        lines.Deny(
            Errno.EACCES,
            "observes the machine, and a source of kernel bugs; the error of kernel.perf_event_paranoid",
            perf_event_open);
        lines.DenySilently(
            Errno.ENOSYS,
            "key rings belong to the user, not to the cell; the error of a kernel without them",
            add_key,
            request_key,
            keyctl);
        lines.DenySilently(
            Errno.ENOSYS,
            "segments for 16-bit programs, a source of kernel bugs; the error of a kernel without them",
            modify_ldt);
    }
}
