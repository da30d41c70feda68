using static ShellGuard.Linux.Abi.SystemCall;

namespace ShellGuard.Linux.Seccomp;

/// <content>Numbers that no longer do anything, or should not.</content>
public sealed partial class SystemCallTable
{
    private static void AddObsolete(SystemCallTableBuilder lines)
    {
        lines.Pass(Holder.OwnProcess, "the names of the file systems that the kernel knows", sysfs);
        lines.DenySilently(
            Errno.ENOSYS,
            "answers for any device number, also of file systems that the view does not show; replaced by statfs",
            ustat);
        lines.DenySilently(
            Errno.ENOSYS,
            "not implemented by the kernel on x86-64, or no longer",
            _sysctl,
            uselib,
            create_module,
            get_kernel_syms,
            query_module,
            nfsservctl,
            getpmsg,
            putpmsg,
            afs_syscall,
            tuxcall,
            security,
            set_thread_area,
            get_thread_area,
            lookup_dcookie,
            epoll_ctl_old,
            epoll_wait_old,
            vserver);
    }
}
