using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Linux.Seccomp;

/// <summary>The supervisor's end of a filter's traps, seccomp_unotify(2).</summary>
public sealed unsafe class NotifyFd : Descriptor
{
    private const uint SECCOMP_IOCTL_NOTIF_RECV = 0xc0502100;
    private const uint SECCOMP_IOCTL_NOTIF_SEND = 0xc0182101;
    private const uint SECCOMP_IOCTL_NOTIF_ID_VALID = 0x40082102;
    private const uint SECCOMP_IOCTL_NOTIF_ADDFD = 0x40182103;
    private const uint SECCOMP_ADDFD_FLAG_SETFD = 1;
    private const uint SECCOMP_ADDFD_FLAG_SEND = 2;
    private const uint SECCOMP_USER_NOTIF_FLAG_CONTINUE = 1;
    private const uint O_CLOEXEC = 0x80000;

    public NotifyFd()
    {
    }

    public NotifyFd(int number)
        : base(number)
    {
    }

    public LinuxResult Receive(out Notification notification)
    {
        ulong* raw = stackalloc ulong[10];
        new Span<ulong>(raw, 10).Clear();
        LinuxResult result = Control(SECCOMP_IOCTL_NOTIF_RECV, raw);
        // SAFETY: struct seccomp_notif is 80 bytes: id, pid and flags, nr and arch, ip, six arguments.
        notification = new Notification(
            raw[0], (int)raw[1], (uint)(raw[2] >> 32), (SystemCall)(int)raw[2], raw[3], raw[4], raw[5], raw[6], raw[7],
            raw[8], raw[9]);
        return result;
    }

    public bool IsAlive(ulong id) => Control(SECCOMP_IOCTL_NOTIF_ID_VALID, &id).Succeeded;

    public LinuxResult Continue(ulong id) => Respond(id, 0, Errno.None, SECCOMP_USER_NOTIF_FLAG_CONTINUE);

    public LinuxResult Fail(ulong id, Errno error) => Respond(id, 0, error, 0);

    public LinuxResult Return(ulong id, long value) => Respond(id, value, Errno.None, 0);

    public LinuxResult InstallDescriptor(ulong id, Descriptor source, int? target, bool closeOnExec) =>
        Install(id, source, target, closeOnExec, 0);

    public LinuxResult InstallDescriptorAndReturn(ulong id, Descriptor source, int? target, bool closeOnExec) =>
        Install(id, source, target, closeOnExec, SECCOMP_ADDFD_FLAG_SEND);

    private LinuxResult Install(ulong id, Descriptor source, int? target, bool closeOnExec, uint flags)
    {
        using DescriptorLease lease = new(source);
        // struct seccomp_notif_addfd: id, flags and srcfd, newfd and newfd_flags.
        ulong* raw = stackalloc ulong[3];
        raw[0] = id;
        raw[1] = flags | (target is null ? 0 : SECCOMP_ADDFD_FLAG_SETFD) | ((ulong)(uint)lease.Number << 32);
        raw[2] = (uint)(target ?? 0) | ((ulong)(closeOnExec ? O_CLOEXEC : 0) << 32);
        return Control(SECCOMP_IOCTL_NOTIF_ADDFD, raw);
    }

    private LinuxResult Respond(ulong id, long value, Errno error, uint flags)
    {
        // struct seccomp_notif_resp: id, val, error and flags.
        ulong* raw = stackalloc ulong[3];
        raw[0] = id;
        raw[1] = (ulong)value;
        raw[2] = (uint)-(int)error | ((ulong)flags << 32);
        return Control(SECCOMP_IOCTL_NOTIF_SEND, raw);
    }

    private LinuxResult Control(uint request, void* argument)
    {
        using DescriptorLease lease = new(this);
        // SAFETY: every caller passes a structure of the request's size.
        LinuxResult result;
        do
        {
            result = Kernel.Call(SystemCall.ioctl, lease.Number, (nint)request, (nint)argument);
        }
        while (result.Error == Errno.EINTR);
        return result;
    }
}
