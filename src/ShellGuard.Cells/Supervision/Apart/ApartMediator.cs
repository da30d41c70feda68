using ShellGuard.Cells.Supervision.Network;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Seccomp;

namespace ShellGuard.Cells.Supervision.Apart;

/// <summary>Answers the calls by which two cells could tell each other something through a file that both see, or through
/// what the machine counts. Nothing of them is judged and then let continue, but for one case that says why.</summary>
/// <param name="notify">Where the answers go; must outlive this object.</param>
/// <param name="mounts">Which files are shared.</param>
internal sealed class ApartMediator(NotifyFd notify, OwnMounts mounts) : IDisposable
{
    private const int MostThreads = 64;
    private const int MostWaiting = 4096;
    private const int PathMax = 4096;

    /// <summary>What the machine had when this process first asked: the same for all cells, and for ever.</summary>
    private static readonly Lazy<byte[]> Machine = new(Describe);

    private readonly WorkerPool _workers = new(MostThreads, MostWaiting);
    private readonly FutexWaits _futexes = new(notify);
    private volatile bool _closed;

    /// <returns>Whether it is a call that is answered here; then it is, or will be.</returns>
    public bool Handle(in Notification call)
    {
        switch (call.Call)
        {
            case SystemCall.sysinfo:
                Answer(call, RemoteMemory.Write(call.ThreadId, call.A0, Machine.Value));
                return true;
            case SystemCall.futex:
                _futexes.Wait(call);
                return true;
            case SystemCall.inotify_add_watch:
                Watch(call);
                return true;
            case SystemCall.flock:
                Lock(call);
                return true;
            case SystemCall.fcntl when (F)(uint)call.A1 is F.GETLK or F.SETLK or F.SETLKW:
                LockRange(call);
                return true;
            default:
                return false;
        }
    }

    public void Dispose()
    {
        _closed = true;
        _workers.Dispose();
        _futexes.Dispose();
    }

    /// <summary>The watch belongs to the instance, of which the supervisor has a descriptor as well, and what is watched is
    /// what was judged. With the caller's rights: whoever cannot read a file gets no notice of it.</summary>
    private void Watch(in Notification call)
    {
        LinuxResult result = RemoteText.Read(call.ThreadId, call.A1, PathMax, out byte[] path);
        if (result.Succeeded && path.Length == 0)
        {
            result = new LinuxResult(-1, Errno.ENOENT, SystemCall.inotify_add_watch);
        }

        CallerRoot? root = null;
        Descriptor file = new();
        result = result.Failed ? result : CallerRoot.Open(call.ThreadId, out root);
        using (root)
        {
            result = result.Failed ? result : CallerIdentity.Run(call.ThreadId, () => root!.Find(path, out file));
        }

        using (file)
        {
            Answer(call, result.Failed ? result : Watch(call, file));
        }
    }

    private LinuxResult Watch(in Notification call, Descriptor file)
    {
        if (mounts.IsShared(file))
        {
            // As where there is no room for a watch: programs then look from time to time.
            return new LinuxResult(-1, Errno.ENOSPC, SystemCall.inotify_add_watch);
        }

        LinuxResult result = Duplicate(call, out Descriptor instance);
        using (instance)
        {
            uint events = (uint)call.A2;
            return result.Failed ? result : CallerIdentity.Run(call.ThreadId, () => Notices.Watch(instance, file, events));
        }
    }

    /// <summary>The lock belongs to the open file description, of which the supervisor has a descriptor as well: what it
    /// does to it, the program has.</summary>
    private void Lock(in Notification call)
    {
        LockOperation operation = (LockOperation)(int)call.A1;
        LinuxResult result = Duplicate(call, out Descriptor file);
        if (result.Failed || mounts.IsShared(file))
        {
            file.Dispose();

            // Nobody in here can change the file: who only reads it need not wait for anybody. Who wants to be alone with
            // it cannot be.
            Answer(call, result.Succeeded && operation.HasFlag(LockOperation.EX)
                ? new LinuxResult(-1, Errno.ENOLCK, SystemCall.flock)
                : result.Succeeded ? default : result);
            return;
        }

        TakeOrWait(
            call, file, () => FileContent.Lock(file, operation | LockOperation.NB), !operation.HasFlag(LockOperation.NB));
    }

    /// <summary>Takes a lock, at once or by a worker; the descriptor is closed then.</summary>
    private void TakeOrWait(in Notification call, Descriptor file, Func<LinuxResult> attempt, bool waits)
    {
        LinuxResult result = attempt();
        if (result.Error is not (Errno.EAGAIN or Errno.EACCES) || !waits)
        {
            file.Dispose();
            Answer(call, result);
            return;
        }

        Notification taken = call;
        if (!_workers.TryPost(() => Wait(taken, file, attempt)))
        {
            file.Dispose();
            notify.Fail(call.Id, Errno.ENOLCK);
        }
    }

    /// <summary>Until the lock is free, the program gone, or a signal there that it handles. A lock that is taken for a
    /// program that was killed in that moment goes with the last descriptor of the file's description.</summary>
    private void Wait(Notification call, Descriptor file, Func<LinuxResult> attempt)
    {
        const int longest = 50;
        bool held = false;
        try
        {
            notify.DangerousAddRef(ref held);
            using (file)
            {
                LinuxResult result;
                int pause = 1;
                while ((result = attempt()).Error is Errno.EAGAIN or Errno.EACCES)
                {
                    if (_closed || !notify.IsAlive(call.Id))
                    {
                        return;
                    }

                    if (HasSignalToTake(call.ThreadId))
                    {
                        result = new LinuxResult(-1, Errno.EINTR, call.Call);
                        break;
                    }

                    Thread.Sleep(pause);
                    pause = Math.Min(pause * 2, longest);
                }

                Answer(call, result);
            }
        }
        catch (ObjectDisposedException)
        {
            // The notifier is closed: the kernel has already ended the call with ENOSYS.
        }
        finally
        {
            if (held)
            {
                notify.DangerousRelease();
            }
        }
    }

    /// <summary>A thread's wait for us ends for deadly signals only, and a program may count on being interrupted: flock(1)
    /// with a time limit does.</summary>
    internal static bool HasSignalToTake(int thread)
    {
        SignalSets sets = SignalSets.Of(thread);
        return (sets.Pending & ~sets.Blocked) != 0;
    }

    /// <summary>A lock on a range belongs to the process, so that only the process itself can take it.</summary>
    private void LockRange(in Notification call)
    {
        F command = (F)(uint)call.A1;
        LinuxResult result = Duplicate(call, out Descriptor file);
        if (result.Failed)
        {
            Answer(call, result);
        }
        else if (mounts.IsShared(file))
        {
            // As for flock: whoever has such a file open can only read it, and readers do not exclude each other. What
            // stands in the way of a lock is not told.
            Answer(call, command == F.GETLK ? new LinuxResult(-1, Errno.ENOLCK, SystemCall.fcntl) : default);
        }
        else if (ProcessStatus.Read(call.ThreadId) is { Threads: 1 })
        {
            // What was judged is what is locked: the only thread of the process waits here, and nobody else has its table
            // of descriptors (the filter allows CLONE_FILES for threads only, and no pidfd_getfd(2)). The structure
            // behind the pointer says where and how to lock, which was not judged.
            notify.Continue(call.Id);
        }
        else
        {
            LockDescription(call, command, file);
            return;
        }

        file.Dispose();
    }

    /// <summary>Another thread could exchange the descriptor before the kernel looks at it again: so the supervisor locks
    /// what was judged. Such a lock belongs to the open file description and not to the process.</summary>
    private void LockDescription(in Notification call, F command, Descriptor file)
    {
        byte[] description = new byte[RangeLocks.DescriptionSize];
        LinuxResult result = RemoteMemory.Read(call.ThreadId, call.A2, description);
        if (result.Succeeded && command != F.GETLK)
        {
            TakeOrWait(call, file, () => RangeLocks.Set(file, description), command == F.SETLKW);
            return;
        }

        using (file)
        {
            result = result.Failed ? result : RangeLocks.Ask(file, description);
            Answer(call, result.Failed ? result : RemoteMemory.Write(call.ThreadId, call.A2, description));
        }
    }

    private static LinuxResult Duplicate(in Notification call, out Descriptor file)
    {
        file = new Descriptor();
        LinuxResult result = PidFd.OpenThread(call.ThreadId, out PidFd process);
        if (result.Error == Errno.EINVAL && ProcessStatus.Read(call.ThreadId) is { } status)
        {
            result = PidFd.OpenThread(status.Process, out process);
        }

        using (process)
        {
            return result.Failed ? result : process.GetDescriptor((int)call.A0, out file);
        }
    }

    private void Answer(in Notification call, LinuxResult result)
    {
        if (result.Failed)
        {
            notify.Fail(call.Id, result.Error);
        }
        else
        {
            notify.Return(call.Id, call.Call == SystemCall.inotify_add_watch ? result.Value : 0);
        }
    }

    private static byte[] Describe()
    {
        byte[] information = new byte[Linux.Calls.Machine.DescriptionSize];
        Linux.Calls.Machine.Describe(information).OrThrow();
        return information;
    }
}
