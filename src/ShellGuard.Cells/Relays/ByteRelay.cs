using ShellGuard.Cells.Supervision;
using ShellGuard.Linux;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cells.Relays;

/// <summary>The only edge between two cells: the supervisor reads one pipe and writes another. Bytes go one way; no
/// descriptor, no open file description and no memory is shared. It ends with its writer or with its reader, and then
/// tells the other: the end of the file, or a broken pipe.</summary>
internal sealed class ByteRelay : IDisposable
{
    private const int AtOnce = 1 << 20;

    /// <summary>A pipe that poll(2) calls writable takes this much without blocking, pipe(7) PIPE_BUF.</summary>
    private const int NeverBlocks = 4096;
    private const int MostDrainTurns = 500;
    private const int FromSlot = 0;
    private const int ToSlot = 1;
    private const int WakeSlot = 2;

    private readonly Descriptor _from;
    private readonly Descriptor _to;
    private readonly WakeUp _wake = new();
    private readonly OwnThread.Work _thread;
    private readonly Action _ended;
    private readonly bool _isShared;
    private long _bytes;
    private volatile bool _hasEnded;
    private volatile bool _cut;
    private volatile bool _moving;

    /// <param name="from">Read from; belongs to this object from now on.</param>
    /// <param name="to">Written to, likewise.</param>
    /// <param name="ended">Called on its own thread when it has ended.</param>
    /// <param name="isShared">Whether others use the open file description that is written to, so that it cannot be set
    /// not to block.</param>
    public ByteRelay(Descriptor from, Descriptor to, Action ended, bool isShared = false)
    {
        _ended = ended;
        _isShared = isShared;
        _from = from;
        _to = to;
        _thread = OwnThread.Begin("relay", Run);
    }

    /// <summary>Whether nothing can go over any more.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>How many bytes went over.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Cuts it: nothing goes over any more when this returns. What the reader has not read yet, it can still
    /// read.</summary>
    public void Dispose()
    {
        _cut = true;
        _wake.Signal();
        _thread.Join();
        _wake.Dispose();
    }

    /// <summary>Waits until what was written before this call has gone over, or the reader takes too long.</summary>
    public void Drain()
    {
        PollSet poll = new(1);
        for (int i = 0; i < MostDrainTurns && !_hasEnded; i++)
        {
            // Looked at twice around the flag: bytes are in the pipe, or the flag is set, or they are over.
            if (IsEmpty(poll) && !_moving && IsEmpty(poll))
            {
                return;
            }

            Thread.Sleep(1);
        }
    }

    /// <summary>Waits until it has ended by itself.</summary>
    public void Join() => _thread.Join();

    private void Run()
    {
        // Never blocks in a write: a reader that does not read must not keep us from cutting.
        bool prepared = _isShared || DescriptorIo.SetNonBlocking(_to).Succeeded;
        PollSet poll = new(3);
        bool splices = !_isShared;
        byte[]? buffer = _isShared ? new byte[NeverBlocks] : null;

        // What is shared blocks where there is no room; of any other it is asked for only when there was none.
        bool full = _isShared;
        while (prepared && !_cut && WaitFor(poll, full))
        {
            LinuxResult moved = default;
            _moving = true;
            if (splices)
            {
                moved = DescriptorIo.Splice(_from, _to, AtOnce);
                if (moved.Error == Errno.EINVAL)
                {
                    splices = false;
                    buffer = new byte[64 * 1024];
                }
            }

            if (!splices)
            {
                moved = Copy(buffer!);
            }

            _moving = false;
            full = _isShared || moved.Error == Errno.EAGAIN;
            if (moved.Error == Errno.EAGAIN)
            {
                continue;
            }

            if (moved.Failed || moved.Value == 0)
            {
                break;
            }

            Interlocked.Add(ref _bytes, moved.Value);
        }

        _from.Dispose();
        _to.Dispose();
        _hasEnded = true;
        _ended();
    }

    /// <summary>Waits for bytes, and before that for room where there may be none. The reader's end is seen in both, as an error
    /// of the pipe.</summary>
    /// <returns>False when there is nothing more to do.</returns>
    private bool WaitFor(PollSet poll, bool full)
    {
        const PollEvents gone = PollEvents.POLLERR | PollEvents.POLLNVAL;
        poll.Set(WakeSlot, _wake.Descriptor, PollEvents.POLLIN);
        if (full)
        {
            poll.Set(FromSlot, null, PollEvents.None);
            poll.Set(ToSlot, _to, PollEvents.POLLOUT);
            if (poll.Wait(-1).Failed || _cut || (poll.Found(ToSlot) & gone) != PollEvents.None)
            {
                return false;
            }
        }

        poll.Set(FromSlot, _from, PollEvents.POLLIN);
        poll.Set(ToSlot, _to, PollEvents.None);
        return poll.Wait(-1).Succeeded && !_cut && (poll.Found(ToSlot) & gone) == PollEvents.None;
    }

    private bool IsEmpty(PollSet poll)
    {
        bool held = false;
        try
        {
            _from.DangerousAddRef(ref held);
            poll.Set(0, _from, PollEvents.POLLIN);
            return poll.Wait(0).Succeeded && (poll.Found(0) & PollEvents.POLLIN) == PollEvents.None;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
        finally
        {
            if (held)
            {
                _from.DangerousRelease();
            }
        }
    }

    /// <summary>For what cannot be spliced, such as a file that is appended to.</summary>
    private LinuxResult Copy(byte[] buffer)
    {
        LinuxResult read = DescriptorIo.Read(_from, buffer);
        int written = 0;
        while (read.Succeeded && written < read.Value)
        {
            LinuxResult result = DescriptorIo.Write(_to, buffer.AsSpan(written, (int)read.Value - written));
            if (result.Error == Errno.EAGAIN)
            {
                PollSet poll = new(2);
                poll.Set(0, _to, PollEvents.POLLOUT);
                poll.Set(1, _wake.Descriptor, PollEvents.POLLIN);
                if (poll.Wait(-1).Failed || _cut)
                {
                    return new LinuxResult(0, Errno.None, result.Call);
                }
            }
            else if (result.Failed)
            {
                return result;
            }
            else
            {
                written += (int)result.Value;
            }
        }

        return read;
    }
}
