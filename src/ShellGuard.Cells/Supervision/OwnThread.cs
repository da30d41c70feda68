namespace ShellGuard.Cells.Supervision;

/// <summary>Work that has a thread to itself for as long as it takes. The thread then takes other work: a lobby makes a cell
/// for a command and a relay for a pipe, and a thread's start costs as much as mounting half of a view.</summary>
/// <remarks>An exception that leaves the work ends the process, as on any thread. The kernel ends a cell with the thread that
/// made it, prctl(2) PR_SET_PDEATHSIG: that is with the process, or with the work that waits for the cell's end.</remarks>
internal sealed class OwnThread
{
    private const int StackBytes = 512 * 1024;

    /// <summary>A few cells' worth.</summary>
    private const int MostIdle = 16;

    private static readonly Stack<OwnThread> Idle = [];

    private Work? _work;

    private OwnThread(Work work) => _work = work;

    /// <summary>Begins.</summary>
    /// <param name="name">What the thread is called meanwhile.</param>
    public static Work Begin(string name, Action action)
    {
        Work work = new(name, action);
        OwnThread? thread;
        lock (Idle)
        {
            Idle.TryPop(out thread);
        }

        if (thread is null)
        {
            thread = new OwnThread(work);
            new Thread(thread.Run, StackBytes) { IsBackground = true }.Start();
            return work;
        }

        lock (thread)
        {
            thread._work = work;
            Monitor.Pulse(thread);
        }

        return work;
    }

    private void Run()
    {
        do
        {
            Next().Do();
        }
        while (TryRest());
    }

    private Work Next()
    {
        lock (this)
        {
            while (_work is null)
            {
                Monitor.Wait(this);
            }

            Work work = _work;
            _work = null;
            return work;
        }
    }

    private bool TryRest()
    {
        lock (Idle)
        {
            if (Idle.Count == MostIdle)
            {
                return false;
            }

            Idle.Push(this);
            return true;
        }
    }

    /// <summary>What was begun.</summary>
    internal sealed class Work(string name, Action action)
    {
        private readonly object _lock = new();
        private bool _done;

        /// <summary>Waits for its end.</summary>
        public void Join()
        {
            lock (_lock)
            {
                while (!_done)
                {
                    Monitor.Wait(_lock);
                }
            }
        }

        public void Do()
        {
            Thread.CurrentThread.Name = name;
            action();
            lock (_lock)
            {
                _done = true;
                Monitor.PulseAll(_lock);
            }
        }
    }
}
