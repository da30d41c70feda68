using System.Buffers.Binary;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Seccomp;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cells.Supervision.Apart;

/// <summary>Waits for a futex in place of a program, futex(2), where the program did not say that nobody else has it. The
/// kernel knows such a futex by the file whose page it is in, and each cell can map the same page of libc: whoever slept there
/// could be woken from another cell, by a thread that ends as well. So nobody sleeps there. The supervisor looks at the
/// program's own memory until it changes, which is what the program waits for.</summary>
/// <remarks>Looked at more and more seldom: what lasted long may last a tenth longer, but not more than 10 ms; where many wait,
/// longer, so that there are never more than 10,000 looks a second. A wait that lasts
/// returns from time to time as if it had been woken for nothing, as futex(2) allows: somebody may wake without a change. But not
/// where the program said for how long it waits, since it may begin that time anew whenever it waits again.</remarks>
internal sealed class FutexWaits(NotifyFd notify) : IDisposable
{
    private static readonly TimeSpan First = TimeSpan.FromMicroseconds(50);
    private static readonly TimeSpan Seldom = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(200);

    /// <summary>For each that waits, what there is to pass between two looks, and between two returns for nothing.</summary>
    private static readonly TimeSpan LookShare = TimeSpan.FromMicroseconds(100);
    private static readonly TimeSpan ReturnShare = TimeSpan.FromMilliseconds(1);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<Waiter, long> _waiting = new();
    private readonly WakeUp _wake = new();
    private OwnThread.Work? _thread;
    private volatile bool _closed;

    /// <summary>Takes the call; the answer comes when its time has come.</summary>
    public void Wait(in Notification call)
    {
        LinuxResult left = TimeOf(call, out TimeSpan time);
        if (left.Failed)
        {
            notify.Fail(call.Id, left.Error);
            return;
        }

        Waiter waiter = new(call, Stopwatch.GetTimestamp(), time);
        switch (Look(waiter))
        {
            case null:
                break;
            case Errno.None:
                notify.Fail(call.Id, Errno.EAGAIN);
                return;
            case { } error:
                notify.Fail(call.Id, error);
                return;
        }

        lock (_lock)
        {
            _waiting.Enqueue(waiter, waiter.Due);
            _thread ??= OwnThread.Begin("futexes", Run);
        }

        _wake.Signal();
    }

    public void Dispose()
    {
        _closed = true;
        _wake.Signal();
        _thread?.Join();
        _wake.Dispose();
    }

    /// <summary>How long it may wait: FUTEX_WAIT says for how long, FUTEX_WAIT_BITSET until when.</summary>
    private static LinuxResult TimeOf(in Notification call, out TimeSpan time)
    {
        time = TimeSpan.MaxValue;
        bool noBits = OperationOf(call) == FUTEX.WAIT_BITSET && (uint)call.A5 == 0;
        if (noBits || call.A0 % sizeof(uint) != 0)
        {
            return new LinuxResult(-1, Errno.EINVAL, SystemCall.futex);
        }

        if (call.A3 == 0)
        {
            return default;
        }

        Span<byte> text = stackalloc byte[16];
        LinuxResult read = RemoteMemory.Read(call.ThreadId, call.A3, text);
        if (read.Failed)
        {
            return read;
        }

        long seconds = BinaryPrimitives.ReadInt64LittleEndian(text);
        long nanoseconds = BinaryPrimitives.ReadInt64LittleEndian(text[8..]);
        if (seconds < 0 || nanoseconds is < 0 or >= 1_000_000_000)
        {
            return new LinuxResult(-1, Errno.EINVAL, SystemCall.futex);
        }

        if (OperationOf(call) == FUTEX.WAIT_BITSET)
        {
            // A cell's monotonic clock is ours: its time namespace shifts none, time_namespaces(7).
            bool ofDay = ((FUTEX)(uint)call.A1).HasFlag(FUTEX.CLOCK_REALTIME);
            TimeSpec now = FileMetadata.Now(ofDay ? Clock.REALTIME : Clock.MONOTONIC);
            seconds -= now.tv_sec;
            nanoseconds -= now.tv_nsec;
        }

        // Longer than it waits at once does not matter.
        seconds = Math.Clamp(seconds, -1, 3600);
        time = TimeSpan.FromSeconds(seconds) + TimeSpan.FromMicroseconds(nanoseconds / 1000.0);
        return default;
    }

    private static FUTEX OperationOf(in Notification call) => (FUTEX)(uint)call.A1 & ~FUTEX.CLOCK_REALTIME;

    private void Run()
    {
        PollSet poll = new(1);
        poll.Set(0, _wake.Descriptor, PollEvents.POLLIN);
        while (!_closed)
        {
            TimeSpan pause = TimeSpan.MaxValue;
            while (Next(out Waiter? waiter, out int others, ref pause))
            {
                if (!TryEnd(waiter, others))
                {
                    waiter.Due = Stopwatch.GetTimestamp() + InTicks(Pause(waiter.Age, others));
                    lock (_lock)
                    {
                        _waiting.Enqueue(waiter, waiter.Due);
                    }
                }
            }

            LinuxResult waited = pause == TimeSpan.MaxValue ? poll.Wait(-1) : poll.Wait(pause);
            if (waited.OrThrow() > 0)
            {
                _wake.Clear();
            }
        }
    }

    /// <summary>The one whose time has come.</summary>
    /// <param name="others">How many wait beside it.</param>
    /// <param name="pause">How long until then, where there is none.</param>
    private bool Next([NotNullWhen(true)] out Waiter? waiter, out int others, ref TimeSpan pause)
    {
        lock (_lock)
        {
            others = _waiting.Count - 1;
            if (!_waiting.TryPeek(out waiter, out long due))
            {
                return false;
            }

            pause = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
            if (pause > TimeSpan.Zero)
            {
                waiter = null;
                return false;
            }

            waiter = _waiting.Dequeue();
            pause = TimeSpan.MaxValue;
            return true;
        }
    }

    /// <returns>Whether its wait is over.</returns>
    private bool TryEnd(Waiter waiter, int others)
    {
        Errno? found = Look(waiter);
        if (found is null && waiter.Age >= waiter.Time)
        {
            found = Errno.ETIMEDOUT;
        }

        if (found is null && waiter.Age - waiter.Asked >= Seldom)
        {
            waiter.Asked = waiter.Age;
            found = ApartMediator.HasSignalToTake(waiter.Call.ThreadId) ? Errno.EINTR : null;
        }

        if (found is null && !waiter.IsForSoLong && waiter.Age >= Longest && waiter.Age >= others * ReturnShare)
        {
            found = Errno.None;
        }

        switch (found)
        {
            case null:
                return false;
            case Errno.None:
                notify.Return(waiter.Call.Id, 0);
                return true;
            case { } error:
                notify.Fail(waiter.Call.Id, error);
                return true;
        }
    }

    /// <returns>Null while the memory has what the program waits to change, no error when it has not. The thread may be gone,
    /// and its number another's: then nobody hears the answer.</returns>
    private static Errno? Look(Waiter waiter)
    {
        Span<byte> word = stackalloc byte[sizeof(uint)];
        LinuxResult read = RemoteMemory.Read(waiter.Call.ThreadId, waiter.Call.A0, word);
        return read.Failed ? Errno.EFAULT
            : BinaryPrimitives.ReadUInt32LittleEndian(word) == (uint)waiter.Call.A2 ? null
            : Errno.None;
    }

    private static TimeSpan Pause(TimeSpan age, int others) => TimeSpan.FromTicks(
        Math.Max(Math.Clamp(age.Ticks / 10, First.Ticks, Seldom.Ticks), others * LookShare.Ticks));

    private static long InTicks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    /// <param name="begun">When, in ticks of <see cref="Stopwatch"/>.</param>
    /// <param name="time">How long it may wait.</param>
    private sealed class Waiter(in Notification call, long begun, TimeSpan time)
    {
        public Notification Call { get; } = call;

        public TimeSpan Time => time;

        /// <summary>Whether its time is counted from when it began to wait.</summary>
        public bool IsForSoLong { get; } = call.A3 != 0 && OperationOf(call) == FUTEX.WAIT;

        public TimeSpan Age => Stopwatch.GetElapsedTime(begun);

        /// <summary>Its age when it was last asked whether something else ends the wait.</summary>
        public TimeSpan Asked { get; set; }

        /// <summary>When it is looked at next.</summary>
        public long Due { get; set; } = begun + InTicks(First);
    }
}
