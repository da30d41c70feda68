using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Linux.Handles;

/// <summary>A child of this process, held by its pidfd so that its number cannot be mistaken for another's,
/// pidfd_open(2).</summary>
public sealed class ChildProcess : Descriptor
{
    private const int P_PIDFD = 3;
    private const int WEXITED = 4;
    private const int WSTOPPED = 2;
    private const int WNOHANG = 1;
    private const int WNOWAIT = 0x01000000;
    private const int CLD_EXITED = 1;
    private const int CLD_STOPPED = 5;

    internal ChildProcess(int pidfd, int pid)
        : base(pidfd) => Pid = pid;

    /// <summary>The number in this process's pid namespace; meaningful until <c>Wait</c> returned.</summary>
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

    /// <summary>Waits for the end, waitid(2), reaps, and tells what was used.</summary>
    /// <param name="stopped">Called each time that the process stopped as a job; something has to continue it.</param>
    public unsafe LinuxResult Wait(out ProcessExit exit, out ProcessUsage usage, Action stopped)
    {
        // SAFETY: siginfo_t is 128 bytes and struct rusage 144; the kernel writes no more. si_code stands at 8, si_status
        // at 24; the usage begins with two struct timeval, and ru_maxrss, in KiB, stands at 32.
        byte* info = stackalloc byte[128];
        long* used = stackalloc long[18];
        LinuxResult result;
        while (true)
        {
            result = Kernel.Call(
                SystemCall.waitid, P_PIDFD, Number, (nint)info, WEXITED | WSTOPPED, (nint)used, subject: $"process {Pid}");
            if (result.Succeeded && *(int*)(info + 8) == CLD_STOPPED)
            {
                stopped();
            }
            else if (result.Error != Errno.EINTR)
            {
                break;
            }
        }

        int status = *(int*)(info + 24);
        exit = *(int*)(info + 8) == CLD_EXITED ? new ProcessExit(status, null) : new ProcessExit(128 + status, status);
        usage = new ProcessUsage(Time(used[0], used[1]), Time(used[2], used[3]), used[4] * 1024);
        return result;
    }

    /// <summary>Waits for the end and leaves the process as it is, so that its number stays taken, waitid(2) WNOWAIT.
    /// </summary>
    /// <param name="stopped">Called each time that the process stopped as a job; something has to continue it.</param>
    public unsafe LinuxResult WaitWithoutReaping(Action stopped)
    {
        // SAFETY: siginfo_t is 128 bytes; the kernel writes no more. si_code stands at 8.
        byte* info = stackalloc byte[128];
        while (true)
        {
            LinuxResult result = Kernel.Call(
                SystemCall.waitid, P_PIDFD, Number, (nint)info, WEXITED | WSTOPPED | WNOWAIT, subject: $"process {Pid}");
            if (result.Succeeded && *(int*)(info + 8) == CLD_STOPPED)
            {
                // The stop was only looked at; it is taken, so that it is not seen again.
                Kernel.Call(SystemCall.waitid, P_PIDFD, Number, (nint)info, WSTOPPED | WNOHANG);
                stopped();
            }
            else if (result.Error != Errno.EINTR)
            {
                return result;
            }
        }
    }

    private static TimeSpan Time(long seconds, long microseconds) =>
        TimeSpan.FromSeconds(seconds) + TimeSpan.FromMicroseconds(microseconds);
}
