using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Linux.Handles;

/// <summary>One task that its number can no longer be taken from, pidfd_open(2).</summary>
public sealed class PidFd : Descriptor
{
    private const int PIDFD_THREAD = 0x80;

    public PidFd()
    {
    }

    private PidFd(int number)
        : base(number)
    {
    }

    /// <summary>Opens a thread, leader or not (PIDFD_THREAD, Linux 6.9). On an older kernel only a thread group
    /// leader opens; another thread is EINVAL, so the caller passes its thread group instead.</summary>
    public static LinuxResult OpenThread(int thread, out PidFd pidFd)
    {
        LinuxResult result = Kernel.Call(SystemCall.pidfd_open, thread, PIDFD_THREAD);
        if (result.Error == Errno.EINVAL)
        {
            result = Kernel.Call(SystemCall.pidfd_open, thread, 0);
        }

        pidFd = result.Failed ? new PidFd() : new PidFd((int)result.Value);
        return result;
    }

    /// <summary>Opens a process.</summary>
    public static LinuxResult OpenProcess(int process, out PidFd pidFd)
    {
        LinuxResult result = Kernel.Call(SystemCall.pidfd_open, process, 0, subject: $"process {process}");
        pidFd = result.Failed ? new PidFd() : new PidFd((int)result.Value);
        return result;
    }

    /// <summary>Sends a signal to it, pidfd_send_signal(2).</summary>
    public LinuxResult Signal(int signal)
    {
        using DescriptorLease lease = new(this);
        return Kernel.Call(SystemCall.pidfd_send_signal, lease.Number, signal);
    }

    /// <summary>Duplicates a descriptor of the task into this process, close-on-exec, pidfd_getfd(2): the same open
    /// file description. Needs PTRACE_MODE_ATTACH_REALCREDS.</summary>
    public LinuxResult GetDescriptor(int number, out Descriptor descriptor)
    {
        using DescriptorLease lease = new(this);
        LinuxResult result = Kernel.Call(SystemCall.pidfd_getfd, lease.Number, number);
        descriptor = result.Failed ? new Descriptor() : new Descriptor((int)result.Value);
        return result;
    }
}
