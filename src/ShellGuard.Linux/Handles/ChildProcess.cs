using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Linux.Handles;

/// <summary>A child of this process, held by its pidfd so that its number cannot be mistaken for another's,
/// pidfd_open(2).</summary>
public sealed class ChildProcess : Descriptor
{
    private const int P_PIDFD = 3;
    private const int WEXITED = 4;
    private const int CLD_EXITED = 1;

    internal ChildProcess(int pidfd, int pid)
        : base(pidfd) => Pid = pid;

    /// <summary>The number in this process's pid namespace; meaningful until <see cref="Wait"/> returned.</summary>
    public int Pid { get; }

    /// <summary>Ends the process at once, pidfd_send_signal(2). An error means that it is gone already.</summary>
    public LinuxResult Kill() => Kernel.Call(SystemCall.pidfd_send_signal, Number, 9, subject: $"process {Pid}");

    /// <summary>Waits for the end, waitid(2), and reaps.</summary>
    /// <param name="exit">How it ended.</param>
    public unsafe LinuxResult Wait(out ProcessExit exit)
    {
        // SAFETY: siginfo_t is 128 bytes; the kernel writes no more. si_code stands at 8, si_status at 24.
        byte* info = stackalloc byte[128];
        LinuxResult result;
        do
        {
            result = Kernel.Call(SystemCall.waitid, P_PIDFD, Number, (nint)info, WEXITED, subject: $"process {Pid}");
        }
        while (result.Error == Errno.EINTR);

        int code = *(int*)(info + 8);
        int status = *(int*)(info + 24);
        exit = code == CLD_EXITED ? new ProcessExit(status, null) : new ProcessExit(128 + status, status);
        return result;
    }
}
