using System.Runtime.CompilerServices;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Linux.Seccomp;

/// <summary>The listener of a filter: receives the calls that wait for an answer and gives it, seccomp_unotify(2).
/// All methods can be called from several threads. Nothing is allocated where the kernel succeeds.</summary>
/// <remarks>Every answer can fail with <see cref="Errno.ENOENT"/>: the waiting thread died, or a signal interrupted
/// it before its call was received. There is nobody left to answer. Disposing does not end a
/// <see cref="Receive"/> that waits: the end of the last process does, so end those first.</remarks>
public sealed class NotifyFd : Descriptor
{
    private const int NoTimeout = -1;

    /// <param name="number">The descriptor that seccomp(2) returned with SECCOMP_FILTER_FLAG_NEW_LISTENER, which from
    /// now on belongs to this object.</param>
    /// <exception cref="LinuxException">The kernel's structures are larger than the ones here: it is newer in a way
    /// that this program does not know.</exception>
    public NotifyFd(int number)
        : base(number) => NotifySizes.Check();

    /// <summary>Waits for the next call. Blocks without limit; signals do not end it.</summary>
    /// <param name="notification">The call, where it succeeds.</param>
    /// <returns>The error <see cref="Errno.ENOENT"/> where a thread died before its call was received: ask again.
    /// <see cref="Errno.EPIPE"/> where no process with the filter is left: nothing will ever come (before Linux 6.11
    /// it may block for good instead; use <see cref="Wait"/> there).</returns>
    public unsafe LinuxResult Receive(out Notification notification)
    {
        while (true)
        {
            // The kernel refuses a buffer that is not zero (EINVAL).
            seccomp_notif received = default;

            // SAFETY: the kernel writes one seccomp_notif, whose size was checked, to a local.
            LinuxResult result = Control(SECCOMP_IOCTL.IOCTL_NOTIF_RECV, &received);
            if (result.Error == Errno.EINTR)
            {
                continue;
            }

            if (result.Failed)
            {
                notification = default;
                return result.Error == Errno.ENOENT && Wait(0) is { Failed: true } ended ? ended : result;
            }

            ref readonly seccomp_data data = ref received.data;
            notification = new Notification(
                received.id,
                (int)received.pid,
                data.arch,
                (SystemCall)data.nr,
                data.instruction_pointer,
                data.args[0],
                data.args[1],
                data.args[2],
                data.args[3],
                data.args[4],
                data.args[5]);
            return result;
        }
    }

    /// <summary>Waits until a call can be received.</summary>
    /// <param name="milliseconds">How long at most; -1 is without limit, 0 only looks.</param>
    /// <returns>1 where a call waits, 0 after the time; the error <see cref="Errno.EPIPE"/> where no process with the
    /// filter is left, <see cref="Errno.EINTR"/> where a signal came.</returns>
    public unsafe LinuxResult Wait(int milliseconds = NoTimeout)
    {
        bool held = false;
        try
        {
            DangerousAddRef(ref held);
            pollfd item = new() { fd = Number, events = POLL.IN };

            // SAFETY: the kernel reads and writes one pollfd, a local.
            LinuxResult result = Kernel.Call(
                SystemCall.poll,
                (nint)(&item),
                1,
                milliseconds,
                subject: "seccomp listener");
            return result.Succeeded && (item.revents & (POLL.IN | POLL.HUP)) == POLL.HUP
                ? result with { Error = Errno.EPIPE }
                : result;
        }
        finally
        {
            if (held)
            {
                DangerousRelease();
            }
        }
    }

    /// <summary>Whether the call still waits. Asked after the waiting process's memory or /proc files were read: if
    /// so, they were its own and not those of another process that took over its number.</summary>
    public unsafe bool IsAlive(ulong id) =>
        // SAFETY: the kernel reads eight bytes, a parameter.
        Control(SECCOMP_IOCTL.IOCTL_NOTIF_ID_VALID, &id).Succeeded;

    /// <summary>Lets the kernel carry out the call. It reads the arguments, and what they point to, again: whatever
    /// was judged can be something else by then. Only for calls that can do no harm whatever they become; the caller
    /// says beside this why.</summary>
    public LinuxResult Continue(ulong id) =>
        Send(new seccomp_notif_resp { id = id, flags = SECCOMP_IOCTL.USER_NOTIF_FLAG_CONTINUE });

    /// <summary>The call fails with this error.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="Errno.None"/>: the call would seem to have been
    /// carried out.</exception>
    public LinuxResult Fail(ulong id, Errno error)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual((int)error, 0, nameof(error));
        return Send(new seccomp_notif_resp { id = id, error = -(int)error });
    }

    /// <summary>The call returns this value without having been carried out by the kernel.</summary>
    /// <param name="value">Not negative: the C library takes -1 to -4095 as an error; use
    /// <see cref="Fail"/>.</param>
    public LinuxResult Return(ulong id, long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        return Send(new seccomp_notif_resp { id = id, val = value });
    }

    /// <summary>Puts a duplicate of a descriptor into the waiting process; the call goes on waiting.</summary>
    /// <param name="source">What is duplicated; stays the caller's.</param>
    /// <param name="target">The number there, whose descriptor is replaced; null for the lowest free one.</param>
    /// <param name="closeOnExec">Whether it is closed when the process executes another program.</param>
    /// <returns>The number there. <see cref="Errno.EMFILE"/> where the process has no number left,
    /// <see cref="Errno.EINPROGRESS"/> where the call was not received or is answered already.</returns>
    public LinuxResult InstallDescriptor(ulong id, Descriptor source, int? target, bool closeOnExec) =>
        Install(id, source, target is null ? 0 : SECCOMP_IOCTL.ADDFD_FLAG_SETFD, target ?? 0, closeOnExec);

    /// <summary>Puts a duplicate of a descriptor into the waiting process and makes its number what the call returns,
    /// in one step: nobody can exchange the descriptor in between, and a process that is interrupted has none left
    /// over. Errors as in <see cref="InstallDescriptor"/>; after one the call still waits.</summary>
    public LinuxResult InstallDescriptorAndReturn(ulong id, Descriptor source, bool closeOnExec) =>
        Install(id, source, SECCOMP_IOCTL.ADDFD_FLAG_SEND, 0, closeOnExec);

    /// <summary>Tells the kernel that the process and the supervisor take turns, so that it wakes one on the
    /// processor of the other, without a detour by an idle one (Linux 6.6).</summary>
    /// <returns><see cref="Errno.EINVAL"/> on older kernels, which changes nothing but speed.</returns>
    public unsafe LinuxResult EnableSynchronousWakeUp() =>
        // SAFETY: the request takes its flags by value; nothing is read from memory.
        Control(SECCOMP_IOCTL.IOCTL_NOTIF_SET_FLAGS, (void*)SECCOMP_IOCTL.USER_NOTIF_FD_SYNC_WAKE_UP);

    private unsafe LinuxResult Send(seccomp_notif_resp response) =>
        // SAFETY: the kernel reads one seccomp_notif_resp, whose size was checked, from a parameter.
        Control(SECCOMP_IOCTL.IOCTL_NOTIF_SEND, &response);

    private unsafe LinuxResult Install(ulong id, Descriptor source, uint flags, int target, bool closeOnExec)
    {
        bool held = false;
        try
        {
            source.DangerousAddRef(ref held);
            var request = new seccomp_notif_addfd
            {
                id = id,
                flags = flags,
                srcfd = (uint)source.Number,
                newfd = (uint)target,
                newfd_flags = closeOnExec ? (uint)O.CLOEXEC : 0,
            };

            // SAFETY: the kernel reads one seccomp_notif_addfd from a local. The size is part of the request's
            // number; it grew in no kernel.
            return Control(SECCOMP_IOCTL.IOCTL_NOTIF_ADDFD, &request);
        }
        finally
        {
            if (held)
            {
                source.DangerousRelease();
            }
        }
    }

    /// <summary>ioctl(2) on the listener, which stays open meanwhile even where another thread disposes it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private unsafe LinuxResult Control(uint request, void* argument)
    {
        bool held = false;
        try
        {
            DangerousAddRef(ref held);

            // SAFETY: each caller says what the kernel reads and writes at the argument.
            return Kernel.Call(SystemCall.ioctl, Number, (nint)request, (nint)argument, subject: "seccomp listener");
        }
        finally
        {
            if (held)
            {
                DangerousRelease();
            }
        }
    }
}
