using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Linux.Calls;

/// <summary>What the kernel keeps per thread and the C library hides: a thread's own identity. Raw calls change
/// the calling thread only; a C library would change every thread, nptl(7).</summary>
public static unsafe class ThreadSelf
{
    private const int Unchanged = -1;

    public static int EffectiveUser => (int)Kernel.Call(SystemCall.geteuid).Value;

    public static int EffectiveGroup => (int)Kernel.Call(SystemCall.getegid).Value;

    /// <summary>The number of this process.</summary>
    public static int Process => (int)Kernel.Call(SystemCall.getpid).Value;

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

    /// <summary>Whether an epoll instance of another process has an entry for a file of this one, kcmp(2)
    /// KCMP_EPOLL_TFD.</summary>
    /// <param name="number">The number under which the file was added.</param>
    /// <returns>1 or 0. EBADF and EINVAL where <paramref name="epoll"/> is no epoll instance.</returns>
    public static LinuxResult IsRegistered(Descriptor mine, int otherThread, int epoll, int number)
    {
        const int KCMP_EPOLL_TFD = 7;
        using DescriptorLease lease = new(mine);
        uint* slot = stackalloc uint[3];
        slot[0] = (uint)epoll;
        slot[1] = (uint)number;

        // A number that was closed and given again can have several entries, of different files.
        for (slot[2] = 0; ; slot[2]++)
        {
            // SAFETY: the kernel reads one struct kcmp_epoll_slot, three numbers.
            LinuxResult result = Kernel.Call(
                SystemCall.kcmp, Process, otherThread, KCMP_EPOLL_TFD, lease.Number, (nint)slot);
            if (result.Failed || result.Value == 0)
            {
                return result.Error == Errno.ENOENT ? result with { Value = 0, Error = Errno.None }
                    : result.Failed ? result
                    : result with { Value = 1 };
            }
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
