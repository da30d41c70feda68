using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Seccomp;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cells.Supervision.Network;

/// <summary>The epoll instances of the cell's processes. A connect has to move the socket's entries in them, and to
/// search a table of a thousand descriptors for them takes a thousand times as long as to know them.</summary>
internal sealed class EpollInstances : IDisposable
{
    /// <summary>More processes than this are forgotten, and searched again when they connect.</summary>
    private const int MostProcesses = 256;

    private const int CloseOnExec = 0x80000;

    private readonly Lock _lock = new();
    private readonly Dictionary<int, EpollTable> _tables = [];

    /// <summary>Carries out a trapped epoll_create(2) or epoll_create1(2): their arguments are numbers, and the
    /// instance is the program's as if it had made it.</summary>
    internal void Create(NotifyFd notify, in Notification call)
    {
        bool old = call.Call == SystemCall.epoll_create;
        int argument = (int)call.A0;
        if (old ? argument <= 0 : (argument & ~CloseOnExec) != 0)
        {
            notify.Fail(call.Id, Errno.EINVAL);
            return;
        }

        LinuxResult result = DescriptorIo.Epoll(out Descriptor instance);
        using (instance)
        {
            EpollTable? table = null;
            result = result.Failed ? result : Find(call.ThreadId, null, out table);
            result = result.Failed ? result : table!.Install(notify, call.Id, instance, !old && argument != 0);
        }

        if (result.Failed && result.Error != Errno.ENOENT)
        {
            notify.Fail(call.Id, result.Error);
        }
    }

    /// <summary>The table of a thread's process.</summary>
    internal LinuxResult Find(int thread, ProcessStatus? status, out EpollTable? table)
    {
        table = null;
        status ??= ProcessStatus.Read(thread);
        if (status is null)
        {
            return new LinuxResult(-1, Errno.ESRCH, SystemCall.pidfd_open);
        }

        lock (_lock)
        {
            if (_tables.TryGetValue(status.Process, out table) && table.IsAlive)
            {
                return default;
            }

            LinuxResult result = PidFd.OpenThread(status.Process, out PidFd pidFd);
            if (result.Failed)
            {
                pidFd.Dispose();
                table = null;
                return result;
            }

            if (_tables.Count >= MostProcesses)
            {
                // A table that somebody still uses is theirs; it only is not found again.
                _tables.Clear();
            }

            table = new EpollTable(status.Process, pidFd);
            _tables[status.Process] = table;
            return result;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (EpollTable table in _tables.Values)
            {
                table.Dispose();
            }

            _tables.Clear();
        }
    }
}
