using ShellGuard.Linux.Abi;
using static ShellGuard.Linux.Abi.SystemCall;

namespace ShellGuard.Linux.Seccomp;

/// <content>Reading, writing, waiting and everything else that is done on an open descriptor.</content>
public sealed partial class SystemCallTable
{
    private static void AddDescriptors(SystemCallTableBuilder lines)
    {
        lines.Pass(
            Holder.Descriptors,
            "moves bytes",
            read,
            write,
            pread64,
            pwrite64,
            readv,
            writev,
            preadv,
            pwritev,
            pwritev2,
            sendfile,
            splice,
            tee,
            vmsplice,
            copy_file_range,
            readahead,
            fadvise64,
            lseek,
            ftruncate,
            fallocate,
            fsync,
            fdatasync,
            sync_file_range,
            syncfs);
        lines.Pass(
            Holder.Descriptors,
            "asks or changes what is open",
            close,
            close_range,
            dup,
            dup2,
            dup3,
            fstat,
            fstatfs,
            getdents,
            getdents64,
            fchdir,
            fgetxattr,
            flistxattr);
        lines.Pass(
            Holder.Descriptors,
            "waits for descriptors",
            poll,
            ppoll,
            select,
            pselect6,
            epoll_ctl,
            epoll_wait,
            epoll_pwait,
            epoll_pwait2);
        lines.Pass(
            Holder.OwnProcess,
            "makes a descriptor that leads nowhere else",
            pipe,
            pipe2,
            eventfd,
            eventfd2,
            signalfd,
            signalfd4,
            timerfd_create,
            timerfd_settime,
            timerfd_gettime,
            memfd_create,
            inotify_init,
            inotify_init1,
            inotify_rm_watch);
        lines.Pass(Holder.Limits, "writes back what is dirty", sync);

        // The kernel reads the request as an unsigned int: what the upper half says is nothing to it.
        lines.Partly(
            ioctl,
            FilterOutcome.Pass,
            Holder.Descriptors,
            "controls what is open; a cell has no device but its terminal, null, zero, full and the random ones",
            RefuseRequest(IOCTL.TIOCSTI, "types into a terminal, as if its user did"),
            RefuseRequest(IOCTL.TIOCLINUX, "pastes into a console"),
            RefuseRequest(IOCTL.TIOCCONS, "takes the console's output"),
            RefuseRequest(IOCTL.TIOCSETD, "loads a line discipline, a source of kernel bugs"),
            RefuseRequest(IOCTL.SIOCGSKNS, "opens the network namespace of a socket, which may be the host's"));

        lines.DenySilently(
            Errno.ENOSYS,
            "carries out calls from a ring in memory, where no filter sees them; programs fall back",
            io_uring_setup,
            io_uring_enter,
            io_uring_register);
        lines.Deny(
            Errno.EPERM,
            "stalls page faults, which stretches the races of a supervisor that reads memory; the error of "
            + "vm.unprivileged_userfaultfd = 0",
            userfaultfd);
        lines.Deny(
            Errno.EPERM,
            "watches or decides accesses of whole mounts and file systems",
            fanotify_init,
            fanotify_mark);
    }

    private static ArgumentRule RefuseRequest(IOCTL request, string meaning) =>
        new(FilterOutcome.Deny(Errno.EPERM), $"{request} {meaning}", [ArgumentTest.Is(1, (uint)request)]);
}
