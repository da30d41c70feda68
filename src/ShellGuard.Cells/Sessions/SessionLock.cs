using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Sessions;

/// <summary>Who works on a session holds its lock, flock(2); the kernel lets go of it when the holder dies.</summary>
public static class SessionLock
{
    private const OpenFlags Flags = OpenFlags.RDWR | OpenFlags.CREAT | OpenFlags.NOFOLLOW | OpenFlags.CLOEXEC;

    /// <summary>Whoever only looks whether a session runs lets go at once.</summary>
    private const int Tries = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Takes the lock.</summary>
    /// <exception cref="SessionException">The session is running, or being committed.</exception>
    public static Descriptor Take(string session)
    {
        for (int tried = 0; tried < Tries; tried++)
        {
            if (TryTake(session) is { } taken)
            {
                return taken;
            }

            Thread.Sleep(Pause);
        }

        throw new SessionException($"session {Path.GetFileName(session)} is in use; end it first");
    }

    /// <summary>Takes the lock, or returns null when somebody holds it.</summary>
    public static Descriptor? TryTake(string session)
    {
        Files.Open(SessionFiles.Lock(session), Flags, out Descriptor file, 0x180).OrThrow();
        LinuxResult locked = FileContent.Lock(file, LockOperation.EX | LockOperation.NB);
        if (locked.Succeeded)
        {
            return file;
        }

        file.Dispose();
        return null;
    }
}
