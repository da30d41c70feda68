using ShellGuard.Cells.Layers;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Sessions;

/// <summary>Who works on a session holds its lock, flock(2); the kernel lets go of it when the holder dies.</summary>
public static class SessionLock
{
    private const OpenFlags Flags = OpenFlags.RDWR | OpenFlags.CREAT | OpenFlags.NOFOLLOW | OpenFlags.CLOEXEC;

    /// <summary>Takes the lock; waits a moment, see <see cref="LockPatience"/>.</summary>
    /// <exception cref="SessionException">The session is running, or being committed.</exception>
    public static Descriptor Take(string session)
    {
        Descriptor file = Open(session);
        if (LockPatience.Take(file).Succeeded)
        {
            return file;
        }

        file.Dispose();
        throw new SessionException($"session {Path.GetFileName(session)} is in use; end it first");
    }

    /// <summary>Takes the lock, or returns null when somebody holds it.</summary>
    public static Descriptor? TryTake(string session)
    {
        Descriptor file = Open(session);
        if (FileContent.Lock(file, LockOperation.EX | LockOperation.NB).Succeeded)
        {
            return file;
        }

        file.Dispose();
        return null;
    }

    /// <summary>Whether somebody works on the session. Several may look at once.</summary>
    public static bool IsHeld(string session)
    {
        using Descriptor file = Open(session);
        return FileContent.Lock(file, LockOperation.SH | LockOperation.NB).Failed;
    }

    private static Descriptor Open(string session)
    {
        Files.Open(SessionFiles.Lock(session), Flags, out Descriptor file, 0x180).OrThrow();
        return file;
    }
}
