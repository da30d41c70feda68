using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Linux.Tracing;

/// <summary>ptrace(2). All calls for a thread must come from the one thread that seized it.</summary>
public static unsafe class Ptrace
{
    private const int __WALL = 0x40000000;

    // Only what this thread traces: other children of the process are none of its business.
    private const int __WNOTHREAD = 0x20000000;

    private const int WNOHANG = 1;
    private const int RusageSize = 144;

    private static readonly ProcessUsage None = new(default, default, 0);

    /// <summary>Begins to trace a thread without stopping it. EPERM: it is traced already, or may not be.</summary>
    public static LinuxResult Seize(int thread, PTRACE_O options) => Request(PTRACE.SEIZE, thread, 0, (nint)options);

    /// <summary>Changes what is told of a stopped thread and of those that it makes.</summary>
    public static LinuxResult SetOptions(int thread, PTRACE_O options) => Request(PTRACE.SETOPTIONS, thread, 0, (nint)options);

    /// <summary>Lets a stopped thread go on until the next event.</summary>
    /// <param name="signal">Delivered to it; 0 for none.</param>
    public static LinuxResult Continue(int thread, int signal) => Request(PTRACE.CONT, thread, 0, signal);

    /// <summary>Lets a stopped thread go on until the call that it is about to make is over; outside of a call, until it
    /// makes one.</summary>
    /// <param name="signal">Delivered to it; 0 for none.</param>
    public static LinuxResult ContinueToCall(int thread, int signal) => Request(PTRACE.SYSCALL, thread, 0, signal);

    /// <summary>Leaves a thread stopped as a job, and hears when it is continued.</summary>
    public static LinuxResult Listen(int thread) => Request(PTRACE.LISTEN, thread, 0, 0);

    /// <summary>Stops a seized thread before it executes another instruction of its program; one that waits in the kernel
    /// stops when it leaves. Its program and its parent do not notice.</summary>
    public static LinuxResult Interrupt(int thread) => Request(PTRACE.INTERRUPT, thread, 0, 0);

    /// <summary>Lets go of a stopped thread. ESRCH where it is not stopped.</summary>
    /// <param name="signal">Delivered to it; 0 for none.</param>
    public static LinuxResult Detach(int thread, int signal) => Request(PTRACE.DETACH, thread, 0, signal);

    /// <summary>What belongs to the event: the new thread of a fork, the former number of a thread that executed.</summary>
    public static LinuxResult EventMessage(int thread, out int message)
    {
        ulong value = 0;

        // SAFETY: the kernel writes one unsigned long.
        LinuxResult result = Request(PTRACE.GETEVENTMSG, thread, 0, (nint)(&value));
        message = (int)value;
        return result;
    }

    /// <summary>The call that a thread is stopped at, or what it returned. Linux 5.3.</summary>
    public static LinuxResult ReadCall(int thread, out ptrace_syscall_info call)
    {
        call = default;

        // SAFETY: the kernel writes at most as many bytes as it is told, which is the structure.
        fixed (ptrace_syscall_info* info = &call)
        {
            return Request(PTRACE.GET_SYSCALL_INFO, thread, sizeof(ptrace_syscall_info), (nint)info);
        }
    }

    public static LinuxResult ReadRegisters(int thread, out user_regs_struct registers)
    {
        registers = default;

        // SAFETY: the kernel writes one struct user_regs_struct, which this is, by test.
        fixed (user_regs_struct* to = &registers)
        {
            return Request(PTRACE.GETREGS, thread, 0, (nint)to);
        }
    }

    public static LinuxResult WriteRegisters(int thread, in user_regs_struct registers)
    {
        // SAFETY: the kernel reads one struct user_regs_struct.
        fixed (user_regs_struct* from = &registers)
        {
            return Request(PTRACE.SETREGS, thread, 0, (nint)from);
        }
    }

    /// <summary>Waits until any child or traced thread stops or ends, wait4(2). The value is its number; ECHILD when
    /// there is none left.</summary>
    /// <param name="use">Of one that ended: what its process and the children that it waited for used.</param>
    public static LinuxResult Wait(out WaitStatus status, out ProcessUsage use)
    {
        int raw = 0;
        long* usage = stackalloc long[RusageSize / sizeof(long)];

        // SAFETY: the kernel writes one int and one struct rusage, which has that size on x86-64, getrusage(2).
        LinuxResult result;
        do
        {
            result = Kernel.Call(SystemCall.wait4, -1, (nint)(&raw), __WALL | __WNOTHREAD, (nint)usage);
        }
        while (result.Error == Errno.EINTR);

        status = new WaitStatus(raw);

        // Two struct timeval, and the peak in KiB. Of what only stopped nobody asks.
        use = status.IsExited || status.IsKilled
            ? new ProcessUsage(
                TimeSpan.FromMicroseconds((usage[0] * 1_000_000) + usage[1]), TimeSpan.FromMicroseconds((usage[2] * 1_000_000) + usage[3]), usage[4] * 1024)
            : None;
        return result;
    }

    /// <summary>Looks whether a traced thread stopped or ended, without waiting, wait4(2). The value is its number, 0 when
    /// it did not; ECHILD when it is traced no more.</summary>
    public static LinuxResult Look(int thread, out WaitStatus status)
    {
        int raw = 0;

        // SAFETY: the kernel writes one int.
        LinuxResult result = Kernel.Call(
            SystemCall.wait4, thread, (nint)(&raw), __WALL | __WNOTHREAD | WNOHANG, 0);
        status = new WaitStatus(raw);
        return result;
    }

    private static LinuxResult Request(PTRACE request, int thread, nint address, nint data) =>
        Kernel.Call(SystemCall.ptrace, (nint)request, thread, address, data);
}
