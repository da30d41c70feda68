using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Linux.Calls;

/// <summary>What the kernel keeps per thread and the C library hides: a thread's own identity and its own table of
/// descriptors. Raw calls change the calling thread only; a C library would change every thread, nptl(7).</summary>
public static unsafe class ThreadSelf
{
    private const int CLONE_FILES = 0x400;
    private const int Unchanged = -1;

    public static int EffectiveUser => (int)Kernel.Call(SystemCall.geteuid).Value;

    public static int EffectiveGroup => (int)Kernel.Call(SystemCall.getegid).Value;

    /// <summary>The number of this process.</summary>
    public static int Process => (int)Kernel.Call(SystemCall.getpid).Value;

    /// <summary>Gives the calling thread an empty table of descriptors of its own, unshare(2) CLONE_FILES. What the
    /// thread opens from now on exists for it alone, under the numbers that it chooses; it must touch none of the
    /// process's descriptors any more, and ends when it is done.</summary>
    public static LinuxResult LeaveDescriptorTable()
    {
        LinuxResult result = Kernel.Call(SystemCall.unshare, CLONE_FILES);
        return result.Failed ? result : Kernel.Call(SystemCall.close_range, 0, -1, 0);
    }

    /// <summary>close(2) of a number in the calling thread's own table.</summary>
    public static void CloseNumber(int number) => Kernel.Call(SystemCall.close, number);

    /// <summary>pidfd_open(2) of a process, as a number in the calling thread's own table.</summary>
    public static LinuxResult OpenProcessNumber(int process) => Kernel.Call(SystemCall.pidfd_open, process, 0);

    /// <summary>pidfd_getfd(2), into the calling thread's own table.</summary>
    public static LinuxResult FetchNumber(int pidFd, int number) =>
        Kernel.Call(SystemCall.pidfd_getfd, pidFd, number);

    /// <summary>dup3(2) in the calling thread's own table.</summary>
    public static LinuxResult PlaceNumber(int number, int target) =>
        number == target ? new LinuxResult(target, Errno.None, SystemCall.dup3)
            : Kernel.Call(SystemCall.dup3, number, target);

    /// <summary>fcntl(2) F_DUPFD: the lowest free number from <paramref name="lowest"/> on.</summary>
    public static LinuxResult DuplicateAbove(int number, int lowest) =>
        Kernel.Call(SystemCall.fcntl, number, 0, lowest);

    /// <summary>epoll_ctl(2) with numbers of the calling thread's own table.</summary>
    /// <param name="operation">1 adds, 2 deletes.</param>
    public static LinuxResult ControlEpoll(int epoll, int operation, int number, uint events, ulong data)
    {
        EpollEvent entry = new() { events = events, data = data };
        // SAFETY: the kernel reads one EpollEvent.
        return Kernel.Call(SystemCall.epoll_ctl, epoll, operation, number, (nint)(&entry));
    }

    /// <summary>Sets the calling thread's effective identity, setresuid(2) and setgroups(2) by raw calls; the real
    /// and saved ones stay, so that <paramref name="user"/> and <paramref name="group"/> can be set back.</summary>
    public static LinuxResult SetEffective(int user, int group, ReadOnlySpan<int> groups)
    {
        // SAFETY: the kernel reads groups.Length numbers.
        fixed (int* list = groups)
        {
            LinuxResult result = Kernel.Call(SystemCall.setgroups, groups.Length, (nint)list);
            result = result.Failed ? result : Kernel.Call(SystemCall.setresgid, Unchanged, group, Unchanged);
            return result.Failed ? result : Kernel.Call(SystemCall.setresuid, Unchanged, user, Unchanged);
        }
    }

    /// <summary>Sets the calling thread's effective identity back; the user first, for the right to change the
    /// rest.</summary>
    public static LinuxResult RestoreEffective(int user, int group, ReadOnlySpan<int> groups)
    {
        // SAFETY: the kernel reads groups.Length numbers.
        fixed (int* list = groups)
        {
            LinuxResult result = Kernel.Call(SystemCall.setresuid, Unchanged, user, Unchanged);
            result = result.Failed ? result : Kernel.Call(SystemCall.setresgid, Unchanged, group, Unchanged);
            return result.Failed ? result : Kernel.Call(SystemCall.setgroups, groups.Length, (nint)list);
        }
    }

    /// <summary>The calling thread's supplementary groups, getgroups(2).</summary>
    public static int[] Groups()
    {
        int count = (int)Math.Max(0, Kernel.Call(SystemCall.getgroups, 0, 0).Value);
        int[] groups = new int[count];
        // SAFETY: the kernel writes at most count numbers.
        fixed (int* list = groups)
        {
            long filled = Kernel.Call(SystemCall.getgroups, count, (nint)list).Value;
            return filled == count ? groups : [];
        }
    }

    /// <summary>Whether a descriptor of this process and one of another are the same open file description, kcmp(2)
    /// KCMP_FILE. An unreadable other side is no.</summary>
    public static bool IsSameFile(Descriptor mine, int otherThread, int otherNumber)
    {
        using DescriptorLease lease = new(mine);
        LinuxResult result =
            Kernel.Call(SystemCall.kcmp, Process, otherThread, 0, lease.Number, otherNumber);
        return result is { Succeeded: true, Value: 0 };
    }
}
