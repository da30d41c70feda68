using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cells.Supervision.Network;

/// <summary>Does one thing with the caller's user and groups, on this thread alone: a server inside the cell then sees
/// the caller's ids in SO_PEERCRED (the kernel takes those of the task that connects), and permissions of directories
/// and sockets are checked as for the caller.</summary>
internal static class CallerIdentity
{
    internal static LinuxResult Run(int thread, Func<LinuxResult> action)
    {
        if (ProcessStatus.Read(thread) is not { } caller)
        {
            return new LinuxResult(-1, Errno.EACCES, SystemCall.setresuid);
        }

        int user = ThreadSelf.EffectiveUser;
        int group = ThreadSelf.EffectiveGroup;
        if (caller.User == user && caller.Group == group)
        {
            return action();
        }

        if (user != 0)
        {
            // An ordinary user's supervisor cannot take the ids of another; to act as itself would give the server
            // inside a wrong word about who connects.
            return new LinuxResult(-1, Errno.EACCES, SystemCall.setresuid);
        }

        int[] groups = ThreadSelf.Groups();
        LinuxResult taken = ThreadSelf.SetEffective(caller.User, caller.Group, caller.Groups);
        LinuxResult result = taken.Failed
            ? new LinuxResult(-1, Errno.EACCES, SystemCall.setresuid)
            : action();
        LinuxResult restored = ThreadSelf.RestoreEffective(user, group, groups);
        if (restored.Failed)
        {
            // A thread of the supervisor with a stranger's identity must not go on.
            Environment.FailFast($"cannot take the supervisor's identity back: {restored}");
        }

        return result;
    }
}
