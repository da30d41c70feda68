using System.Runtime.InteropServices;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Linux.Seccomp;

/// <summary>What the running kernel's seccomp can do, found out by asking it, never by its version. Whether a
/// listener wakes synchronously only the listener can say: <see cref="NotifyFd.EnableSynchronousWakeUp"/>.</summary>
/// <param name="Level">The level.</param>
/// <param name="ListenerFlags">The best flags for a filter with a listener; no flags below
/// <see cref="SeccompLevel.Notify"/>.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SeccompFeatures(SeccompLevel Level, SECCOMP_FILTER_FLAG ListenerFlags)
{
    /// <summary>Asks the kernel. Changes nothing.</summary>
    public static unsafe SeccompFeatures Probe()
    {
        const SECCOMP_FILTER_FLAG Basic = SECCOMP_FILTER_FLAG.NEW_LISTENER;
        const SECCOMP_FILTER_FLAG Killable = Basic | SECCOMP_FILTER_FLAG.WAIT_KILLABLE_RECV;

        if (!KnowsFlags(SECCOMP_FILTER_FLAG.None))
        {
            return new SeccompFeatures(SeccompLevel.None, SECCOMP_FILTER_FLAG.None);
        }

        uint action = (uint)SECCOMP_RET.USER_NOTIF;

        // SAFETY: the kernel reads four bytes from the address of a local.
        LinuxResult available = Kernel.Call(
            SystemCall.seccomp,
            (nint)SECCOMP.GET_ACTION_AVAIL,
            0,
            (nint)(&action),
            subject: "user notification");
        if (available.Failed || !KnowsFlags(Basic))
        {
            return new SeccompFeatures(SeccompLevel.Filter, SECCOMP_FILTER_FLAG.None);
        }

        return KnowsFlags(Killable)
            ? new SeccompFeatures(SeccompLevel.NotifyKillable, Killable)
            : new SeccompFeatures(SeccompLevel.Notify, Basic);
    }

    /// <summary>The kernel looks at the flags first (EINVAL) and then reads the program, which is not there
    /// (EFAULT).</summary>
    private static bool KnowsFlags(SECCOMP_FILTER_FLAG flags) =>
        Kernel.Call(SystemCall.seccomp, (nint)SECCOMP.SET_MODE_FILTER, (nint)(uint)flags, 0).Error == Errno.EFAULT;
}
