using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Linux.Terminals;

/// <summary>Stopping this process as a shell's job, credentials(7).</summary>
public static class JobControl
{
    private const int SIGSTOP = 19;

    /// <summary>Whether a shell of the same session could continue this process after a stop. The kernel drops
    /// SIGTSTP for an orphaned process group; who stops itself has to look.</summary>
    public static bool CanBeContinued()
    {
        LinuxResult parent = Kernel.Call(SystemCall.getsid, (nint)Kernel.Call(SystemCall.getppid).Value);
        return parent.Succeeded && parent.Value == Kernel.Call(SystemCall.getsid).Value;
    }

    /// <summary>Stops this process, or its whole process group. Returns when it was continued.</summary>
    public static LinuxResult Stop(bool wholeGroup)
    {
        nint target = wholeGroup ? 0 : (nint)Kernel.Call(SystemCall.getpid).Value;
        return Kernel.Call(SystemCall.kill, target, SIGSTOP);
    }
}
