namespace ShellGuard.Cells.Supervision;

/// <summary>A thread that goes from one piece of work to the next in the order in which they were begun. A session's start
/// needs something done beside it several times, and a thread's start costs as much as mounting half of the view.
/// </summary>
public sealed class SecondThread
{
    private readonly object _lock = new();
    private readonly Queue<Action?> _begun = new();

    public SecondThread() => OwnThread.Begin("second", Run);

    /// <summary>Begins work; its exception is thrown where its result is asked for.</summary>
    public Task<T> Begin<T>(Func<T> work)
    {
        // Run here and not on a pool, whose threads would have to be started.
        Task<T> task = new(work);
        Begin(() => task.RunSynchronously(TaskScheduler.Default));
        return task;
    }

    /// <summary>Begins work that nobody waits for; its exception ends the process, as on a thread of its own.</summary>
    public void Begin(Action work)
    {
        lock (_lock)
        {
            _begun.Enqueue(work);
            Monitor.Pulse(_lock);
        }
    }

    /// <summary>The thread ends when what was begun is done.</summary>
    public void End()
    {
        lock (_lock)
        {
            _begun.Enqueue(null);
            Monitor.Pulse(_lock);
        }
    }

    private void Run()
    {
        while (true)
        {
            Action? work;
            lock (_lock)
            {
                while (!_begun.TryDequeue(out work))
                {
                    Monitor.Wait(_lock);
                }
            }

            if (work is null)
            {
                return;
            }

            work();
        }
    }
}
