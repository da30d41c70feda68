namespace ShellGuard.Cells.Supervision;

/// <summary>A thread that goes from one piece of work to the next in the order in which they were begun. A session's start
/// needs something done beside it several times, and a thread's start costs as much as mounting half of the view.
/// </summary>
/// <remarks>It ends with the process: the last work that a session gives it, answering trapped calls, ends when the cell
/// ends.</remarks>
public sealed class SecondThread
{
    private readonly object _lock = new();
    private readonly Queue<Task> _begun = new();

    public SecondThread() => new Thread(Run, 512 * 1024) { IsBackground = true, Name = "second" }.Start();

    /// <summary>Begins work; its exception is thrown where its result is asked for.</summary>
    public Task<T> Begin<T>(Func<T> work) => Begin(new Task<T>(work));

    /// <summary>Begins work; its exception is thrown where it is waited for.</summary>
    public Task Begin(Action work) => Begin(new Task(work));

    private T Begin<T>(T task)
        where T : Task
    {
        lock (_lock)
        {
            _begun.Enqueue(task);
            Monitor.Pulse(_lock);
        }

        return task;
    }

    private void Run()
    {
        while (true)
        {
            Task? task;
            lock (_lock)
            {
                while (!_begun.TryDequeue(out task))
                {
                    Monitor.Wait(_lock);
                }
            }

            // Here and not on a pool, whose threads would have to be started.
            task.RunSynchronously(TaskScheduler.Default);
        }
    }
}
