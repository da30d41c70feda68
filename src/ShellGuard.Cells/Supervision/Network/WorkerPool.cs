namespace ShellGuard.Cells.Supervision.Network;

/// <summary>Threads for work that may wait: for a person, a resolver or a peer. Bounded in threads and in waiting
/// work; the runtime's own pool is not used, because it grows slowly and everything else waits in it too.</summary>
public sealed class WorkerPool : IDisposable
{
    private const int IdleMilliseconds = 10_000;
    private const int CloseMilliseconds = 5_000;
    private readonly object _lock = new();
    private readonly Queue<Action> _queue = new();
    private readonly int _mostThreads;
    private readonly int _mostWaiting;
    private int _threads;
    private int _idle;
    private bool _closed;

    /// <param name="mostThreads">At most this many threads.</param>
    /// <param name="mostWaiting">At most this much work that no thread has begun.</param>
    public WorkerPool(int mostThreads, int mostWaiting)
    {
        _mostThreads = mostThreads;
        _mostWaiting = mostWaiting;
    }

    /// <summary>Hands over work that must not throw.</summary>
    /// <returns>False when the pool is full or closed; the work is then not done.</returns>
    public bool TryPost(Action work)
    {
        lock (_lock)
        {
            if (_closed || _queue.Count >= _mostWaiting)
            {
                return false;
            }

            _queue.Enqueue(work);
            if (_idle >= _queue.Count || _threads == _mostThreads)
            {
                Monitor.Pulse(_lock);
                return true;
            }

            _threads++;
        }

        OwnThread.Begin("network", Run);
        return true;
    }

    /// <summary>Takes no more work and drops what has not begun; waits for what has, but not for ever: it may hang
    /// in a resolver.</summary>
    public void Dispose()
    {
        long end = Environment.TickCount64 + CloseMilliseconds;
        lock (_lock)
        {
            _closed = true;
            _queue.Clear();
            Monitor.PulseAll(_lock);
            while (_threads > 0 && end - Environment.TickCount64 is > 0 and long left)
            {
                Monitor.Wait(_lock, (int)left);
            }
        }
    }

    private void Run()
    {
        while (true)
        {
            Action? work;
            lock (_lock)
            {
                bool waited = true;
                while (!_queue.TryDequeue(out work))
                {
                    if (_closed || !waited)
                    {
                        _threads--;
                        Monitor.PulseAll(_lock);
                        return;
                    }

                    _idle++;
                    waited = Monitor.Wait(_lock, IdleMilliseconds);
                    _idle--;
                }
            }

            work();
        }
    }
}
