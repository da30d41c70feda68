using static ShellGuard.Linux.Abi.SystemCall;

namespace ShellGuard.Linux.Seccomp;

/// <content>Signals.</content>
public sealed partial class SystemCallTable
{
    private static void AddSignals(SystemCallTableBuilder lines)
    {
        lines.Pass(
            Holder.OwnProcess,
            "own handlers and masks",
            rt_sigaction,
            rt_sigprocmask,
            rt_sigreturn,
            rt_sigpending,
            rt_sigsuspend,
            rt_sigtimedwait,
            sigaltstack,
            pause);
        lines.Pass(
            Holder.PidNamespace,
            "reaches processes of the cell only",
            kill,
            tkill,
            tgkill,
            rt_sigqueueinfo,
            rt_tgsigqueueinfo,
            pidfd_send_signal);
    }
}
