using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Sessions;

/// <summary>Where sessions keep their layers, journals and recordings: one directory a session, for its owner only.
/// It is not in the home directory because overlayfs refuses an upper directory inside the lower one, and it is
/// never in a cell's view: /var/tmp is the cell's own, and /var/lib/shellguard is hidden.</summary>
public sealed class SessionStorage
{
    private const uint OwnerOnly = 0x1c0;

    private SessionStorage(string root) => Root = root;

    /// <summary>Absolute path.</summary>
    public string Root { get; }

    public string SessionsDirectory => $"{Root}/sessions";

    /// <summary>Where audits are kept whose place nobody named.</summary>
    public string AuditsDirectory => $"{Root}/audits";

    /// <summary>The directory of one session; it need not exist.</summary>
    public string DirectoryOf(string session) => $"{SessionsDirectory}/{session}";

    /// <summary>The place for a user: /var/lib/shellguard for root, /var/tmp/shellguard-UID for everybody else.</summary>
    public static string DefaultRoot(uint uid) => uid == 0 ? "/var/lib/shellguard" : $"/var/tmp/shellguard-{uid}";

    /// <summary>Opens the storage and makes it where it is missing.</summary>
    /// <exception cref="StorageException">It belongs to somebody else, is open to others, or cannot be made.
    /// </exception>
    public static SessionStorage Open(string root, uint uid)
    {
        SessionStorage storage = new(root);
        MakePrivate(root, uid);
        MakePrivate(storage.SessionsDirectory, uid);
        return storage;
    }

    /// <summary>Makes the directory of audits where it is missing.</summary>
    /// <exception cref="StorageException">It belongs to somebody else, is open to others, or cannot be made.
    /// </exception>
    public void OpenAudits(uint uid) => MakePrivate(AuditsDirectory, uid);

    /// <summary>Makes the directory of a new session.</summary>
    /// <exception cref="StorageException">It cannot be made.</exception>
    public string Create(string session)
    {
        string directory = DirectoryOf(session);
        LinuxResult made = Files.MakeDirectory(SessionPath.Root, directory, OwnerOnly);
        return made.Failed ? throw new StorageException($"{made}; free some space or remove what is in the way") : directory;
    }

    /// <summary>In a directory like /var/tmp anybody can take a name first, so what is found is checked, not
    /// trusted: a directory, not a link, ours, and closed to others.</summary>
    private static void MakePrivate(string path, uint uid)
    {
        LinuxResult made = Files.MakeDirectory(SessionPath.Root, path, OwnerOnly);
        if (made.Failed && made.Error != Errno.EEXIST)
        {
            throw new StorageException($"no room for sessions: {made}");
        }

        LinuxResult opened = Files.Open(
            path,
            OpenFlags.PATH | OpenFlags.DIRECTORY | OpenFlags.NOFOLLOW | OpenFlags.CLOEXEC,
            out Descriptor directory);
        if (opened.Failed)
        {
            throw new StorageException($"{path} is not a directory: {opened}; remove it");
        }

        using (directory)
        {
            Files.Status(directory, out FileStatus status).OrThrow();
            if (status.Owner != uid)
            {
                throw new StorageException(
                    $"{path} belongs to user {status.Owner}; sessions are kept where only you can go: remove it, or set "
                    + "SHELLGUARD_STATE to a directory of your own");
            }

            if ((status.Mode & 0x3f) != 0)
            {
                throw new StorageException(
                    $"{path} is open to others (mode {Convert.ToString(status.Mode & 0xfff, 8)}); look at what is in it, "
                    + $"then: chmod 700 {path}");
            }
        }
    }
}
