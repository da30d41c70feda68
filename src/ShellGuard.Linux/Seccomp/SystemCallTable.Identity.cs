using static ShellGuard.Linux.Abi.SystemCall;

namespace ShellGuard.Linux.Seccomp;

/// <content>User and group ids, and capabilities.</content>
public sealed partial class SystemCallTable
{
    private static void AddIdentity(SystemCallTableBuilder lines)
    {
        lines.Pass(
            Holder.OwnProcess,
            "asks who",
            getuid,
            geteuid,
            getgid,
            getegid,
            getgroups,
            getresuid,
            getresgid,
            capget,
            umask);
        lines.Pass(
            Holder.UserNamespace,
            "changes within the ids that the cell's user namespace maps",
            setuid,
            setgid,
            setreuid,
            setregid,
            setresuid,
            setresgid,
            setfsuid,
            setfsgid,
            setgroups);
        lines.Pass(Holder.UserNamespace, "capabilities can be dropped, not gained", capset);
    }
}
