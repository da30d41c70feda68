using static ShellGuard.Linux.Abi.SystemCall;

namespace ShellGuard.Linux.Seccomp;

/// <content>Clocks and timers.</content>
public sealed partial class SystemCallTable
{
    private static void AddTime(SystemCallTableBuilder lines)
    {
        lines.Pass(
            Holder.OwnProcess,
            "reads clocks, sleeps, sets own timers",
            nanosleep,
            clock_nanosleep,
            clock_gettime,
            clock_getres,
            gettimeofday,
            time,
            alarm,
            getitimer,
            setitimer,
            timer_create,
            timer_settime,
            timer_gettime,
            timer_getoverrun,
            timer_delete);
        lines.Pass(
            Holder.UserNamespace,
            "reads the clock's state; changing it needs CAP_SYS_TIME of the initial user namespace, and which of the "
            + "two is asked is behind a pointer",
            adjtimex,
            clock_adjtime);
        lines.Deny(Errno.EPERM, "sets the host's clock", settimeofday, clock_settime);
    }
}
