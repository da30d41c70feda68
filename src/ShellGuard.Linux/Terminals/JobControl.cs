using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Linux.Terminals;

/// <summary>Stopping this process as a shell's job, credentials(7).</summary>
public static class JobControl
{
    private const ulong SIG_DFL = 0;
    private const ulong SIG_IGN = 1;

    /// <summary>Whether a shell of the same session could continue this process after a stop. The kernel looks more
    /// closely and drops SIGTSTP for an orphaned process group; <see cref="Stop"/> then returns at once.</summary>
    public static bool CanBeContinued()
    {
        LinuxResult parent = Kernel.Call(SystemCall.getsid, (nint)Kernel.Call(SystemCall.getppid).Value);
        return parent.Succeeded && parent.Value == Kernel.Call(SystemCall.getsid).Value;
    }

    /// <summary>Stops this process by SIGTSTP's default action, and returns when it was continued, or at once where
    /// nobody could continue it.</summary>
    /// <param name="others">Whether the others of its process group get the signal too, as from the terminal. What
    /// they do then is theirs: a program that runs us may have to give its screen back first.</param>
    public static unsafe LinuxResult Stop(bool others)
    {
        KernelAction before = default;
        KernelAction action = new() { Handler = SIG_IGN };
        nint thread = (nint)Kernel.Call(SystemCall.gettid).Value;

        // SAFETY: the kernel reads and writes one struct sigaction of its own, sigaction(2), in locals.
        LinuxResult result = Act(&action, &before);
        if (result.Succeeded && others)
        {
            // Ignored here, it reaches the others only. The thread's own one below acts before the call returns; one
            // to the process could be taken by another thread, after our handler is back.
            result = Kernel.Call(SystemCall.kill, 0, SIG.TSTP, subject: "process group");
        }

        if (result.Succeeded)
        {
            action.Handler = SIG_DFL;
            result = Act(&action, null);
            result = result.Failed
                ? result
                : Kernel.Call(SystemCall.tgkill, (nint)Kernel.Call(SystemCall.getpid).Value, thread, SIG.TSTP);
            LinuxResult restored = Act(&before, null);
            result = result.Failed ? result : restored;
        }

        return result;
    }

    private static unsafe LinuxResult Act(KernelAction* action, KernelAction* before) => Kernel.Call(
        SystemCall.rt_sigaction, SIG.TSTP, (nint)action, (nint)before, sizeof(ulong), subject: "SIGTSTP");

    private struct KernelAction
    {
        public ulong Handler;
        public ulong Flags;
        public ulong Restorer;
        public ulong Mask;
    }
}
