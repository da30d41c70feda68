using ShellGuard.Leash.Locating;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Leash.Sessions;

/// <summary>Finds out how this process was started.</summary>
public static class LeashHost
{
    /// <summary>Collects what decides whom to trust.</summary>
    /// <param name="environment">The caller's.</param>
    /// <exception cref="LeashException">The host does not know this user.</exception>
    public static LeashStart Find(LeashArguments arguments, IReadOnlyDictionary<string, string> environment)
    {
        uint uid = Accounts.RealUser;
        Account user = Accounts.Find(uid)
            ?? throw new LeashException($"the host knows no user {uid}; nobody can say what that user may run");
        return new LeashStart(user, [.. Accounts.OwnGroups().Select(Accounts.GroupName).OfType<string>()], environment)
        {
            NamedFile = arguments.Configuration,
            IsLoginShell = arguments.IsLogin || IsShellOf(user),
            HasForeignRights = Accounts.RunsWithForeignRights,
        };
    }

    /// <summary>Whether this program is what the user database gives as the user's shell. sshd and su(1) run that with
    /// <c>-c</c> and without the hyphen that means a login shell.</summary>
    private static bool IsShellOf(Account user) =>
        LeashArguments.IsLeash(user.Shell) || (user.Shell is ['/', ..] && IsThisProgram(user.Shell));

    private static bool IsThisProgram(string path) =>
        TryIdentify(path, out FileStatus shell) && TryIdentify("/proc/self/exe", out FileStatus own)
        && shell.IsSameInode(own);

    private static bool TryIdentify(string path, out FileStatus status)
    {
        status = default;
        bool opened = Files.Open(path, OpenFlags.PATH | OpenFlags.CLOEXEC, out Descriptor file).Succeeded;
        using (file)
        {
            return opened && Files.Status(file, out status).Succeeded;
        }
    }
}
