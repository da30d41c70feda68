using System.Collections.Concurrent;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Supervision.Network;

/// <summary>Moves epoll entries from a program's old socket to the one that takes its place. An entry's key is the
/// file and the number under which the adder knew it, epoll(7): to add the new socket under the program's own
/// number, that number must mean the new socket in the table of the thread that adds. So one thread with a table of
/// its own, empty between two uses, does it.</summary>
internal sealed class RegistrationCarrier : IDisposable
{
    private const int Add = 1;
    private const int Delete = 2;
    private readonly BlockingCollection<Job> _jobs = new(1024);
    private readonly Lazy<Thread> _thread;

    internal RegistrationCarrier() => _thread = new Lazy<Thread>(Start);

    public void Dispose()
    {
        _jobs.CompleteAdding();
        if (_thread.IsValueCreated)
        {
            _thread.Value.Join();
        }

        _jobs.Dispose();
    }

    /// <summary>Moves the entries; waits until it is done.</summary>
    /// <param name="process">Whose epoll instances they are: the thread group's number.</param>
    /// <param name="old">The program's old socket.</param>
    /// <param name="fresh">The new one.</param>
    internal LinuxResult Carry(
        int process, Descriptor old, Descriptor fresh, IReadOnlyList<EpollRegistration> registrations)
    {
        _ = _thread.Value;
        using Job job = new(process, old, fresh, registrations);
        _jobs.Add(job);
        job.Done.Wait();
        return job.Result;
    }

    private Thread Start()
    {
        Thread thread = new(Run, 256 * 1024) { IsBackground = true, Name = "epoll" };
        thread.Start();
        return thread;
    }

    private void Run()
    {
        LinuxResult own = ThreadSelf.LeaveDescriptorTable();
        foreach (Job job in _jobs.GetConsumingEnumerable())
        {
            job.Result = own.Failed ? own : Carry(job);
            job.Done.Set();
        }
    }

    private static LinuxResult Carry(Job job)
    {
        LinuxResult result = default;
        foreach (EpollRegistration entry in job.Registrations)
        {
            // Each number is fetched above the one that the entry needs, which so stays free.
            int free = entry.Number + 1;
            List<int> open = [];
            result = Fetch(ThreadSelf.OpenProcessNumber(ThreadSelf.Process), free, open, out int self);
            result = result.Failed
                ? result
                : Fetch(ThreadSelf.OpenProcessNumber(job.Process), free, open, out int _);
            if (result.Succeeded)
            {
                result = Move(job, entry, self, open[^1], free, open);
            }

            open.ForEach(ThreadSelf.CloseNumber);
            ThreadSelf.CloseNumber(entry.Number);
            if (result.Failed)
            {
                return result;
            }
        }

        return result;
    }

    private static LinuxResult Move(
        Job job, EpollRegistration entry, int self, int program, int free, List<int> open)
    {
        LinuxResult result = Fetch(ThreadSelf.FetchNumber(program, entry.Epoll), free, open, out int epoll);
        if (result.Failed)
        {
            return result;
        }

        result = Fetch(ThreadSelf.FetchNumber(self, job.Old.Number), free, open, out int old);
        if (result.Failed)
        {
            return result;
        }

        result = ThreadSelf.PlaceNumber(old, entry.Number);
        if (result.Failed)
        {
            return result;
        }

        // The program may have removed it meanwhile from another thread: then there is nothing to move.
        result = ThreadSelf.ControlEpoll(epoll, Delete, entry.Number, 0, 0);
        if (result.Failed)
        {
            return result.Error == Errno.ENOENT ? default : result;
        }

        result = Fetch(ThreadSelf.FetchNumber(self, job.Fresh.Number), free, open, out int fresh);
        if (result.Failed)
        {
            return result;
        }

        result = ThreadSelf.PlaceNumber(fresh, entry.Number);
        return result.Failed
            ? result
            : ThreadSelf.ControlEpoll(epoll, Add, entry.Number, entry.Events, entry.Data);
    }

    /// <summary>Keeps a number that was just opened, moved above the numbers that must stay free.</summary>
    private static LinuxResult Fetch(LinuxResult opened, int free, List<int> open, out int number)
    {
        number = (int)opened.Value;
        if (opened.Succeeded && number < free)
        {
            int low = number;
            opened = ThreadSelf.DuplicateAbove(low, free);
            ThreadSelf.CloseNumber(low);
            number = (int)opened.Value;
        }

        if (opened.Succeeded)
        {
            open.Add(number);
        }

        return opened;
    }

    private sealed class Job(
        int process, Descriptor old, Descriptor fresh, IReadOnlyList<EpollRegistration> registrations) : IDisposable
    {
        internal int Process { get; } = process;

        internal Descriptor Old { get; } = old;

        internal Descriptor Fresh { get; } = fresh;

        internal IReadOnlyList<EpollRegistration> Registrations { get; } = registrations;

        internal ManualResetEventSlim Done { get; } = new();

        internal LinuxResult Result { get; set; }

        public void Dispose() => Done.Dispose();
    }
}
