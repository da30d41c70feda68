using System.Buffers.Binary;
using System.Globalization;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using static ShellGuard.Audit.Tracing.Ebpf.CaptureLayout;

namespace ShellGuard.Audit.Tracing.Ebpf;

/// <summary>Turns events into the lines that the other tracer would write. The order of events is that in which the kernel
/// wrote them, over all processors.</summary>
/// <param name="variables">Of the environment of the command that is started.</param>
internal sealed class EventLoop(Recording recording, IReadOnlyList<string> variables)
{
    private const int NanosecondsPerMicrosecond = 1000;
    private const uint Compatible = 2;

    /// <summary>By the kernel's own numbers.</summary>
    private readonly Dictionary<int, FollowedThread> _threads = [];

    private readonly LineBuffer _line = new();

    /// <summary>From the kernel's clock to microseconds since 1970.</summary>
    private readonly long _offset =
        CallWriter.Now - (long)TimeProvider.System.GetElapsedTime(0, TimeProvider.System.GetTimestamp()).TotalMicroseconds;

    /// <summary>Processes that ran already, by our numbers.</summary>
    private readonly HashSet<int> _found = [];

    /// <summary>Takes one event.</summary>
    public void Take(ReadOnlySpan<byte> bytes)
    {
        int id = Int(bytes, EventThread);
        switch (bytes[EventKind])
        {
            case Begin:
                BeginCall(Thread(bytes), bytes);
                break;
            case CaptureLayout.End:
                EndCall(Thread(bytes), bytes);
                break;
            case Fork:
                Started(Thread(bytes), bytes);
                break;
            case Exec:
                Executed(bytes);
                break;
            case Exit:
                Ended(id, bytes);
                break;
            case Start:
                int number = Int(bytes, EventValue);
                _threads[id] = new FollowedThread(new TracedThread(number, number));
                BeginOwnLine(number, bytes, "+++ started by shellguard as user "u8, FileMetadata.EffectiveUser);
                _line.Add(" in \""u8);
                _line.AddEscaped(ProcFile.ReadLink("/proc/self/cwd") ?? "/"u8);
                _line.Add("\" +++"u8);
                recording.Add(_line.Written);
                GivenLine.Write(_line, number, TimeOf(bytes), variables);
                recording.Add(_line.Written);
                break;
            case CaptureLayout.Found:
                Found(id, bytes);
                break;
        }
    }

    private static int Int(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);

    private long TimeOf(ReadOnlySpan<byte> bytes) =>
        (BinaryPrimitives.ReadInt64LittleEndian(bytes[EventTime..]) / NanosecondsPerMicrosecond) + _offset;

    /// <summary>The thread of an event. One that is not known started in an event that was lost: it goes by the kernel's
    /// number.</summary>
    private FollowedThread Thread(ReadOnlySpan<byte> bytes)
    {
        int id = Int(bytes, EventThread);
        if (!_threads.TryGetValue(id, out FollowedThread? thread))
        {
            thread = new FollowedThread(new TracedThread(id, Int(bytes, EventProcess)));
            _threads.Add(id, thread);
        }

        return thread;
    }

    private void BeginOwnLine(int number, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> text, long? user)
    {
        CallWriter.BeginLine(_line, number, TimeOf(bytes));
        _line.Add(text);
        _line.AddOrUnknown(user);
    }

    /// <summary>A thread that ran already made its first call. Its calls are written as those of its process, which is said
    /// once: which program it runs, and where.</summary>
    private void Found(int id, ReadOnlySpan<byte> bytes)
    {
        int process = Int(bytes, EventArguments);
        _threads[id] = new FollowedThread(new TracedThread(process, process));
        if (!_found.Add(process))
        {
            return;
        }

        CapturedView view = new();
        view.Begin(bytes);
        FoundProcess found = FoundProcess.Read(process);
        BeginOwnLine(process, bytes, "+++ found by shellguard as user "u8, found.User);
        _line.Add(" in \""u8);
        _line.AddEscaped(view.Link(CapturedView.AT_FDCWD) ?? ""u8);
        _line.Add("\" running \""u8);
        _line.AddEscaped(found.Program);
        _line.Add("\" +++"u8);
        recording.Add(_line.Written);
    }

    private void BeginCall(FollowedThread thread, ReadOnlySpan<byte> bytes)
    {
        Abandon(thread);
        thread.View.Begin(bytes);
    }

    private void EndCall(FollowedThread thread, ReadOnlySpan<byte> bytes)
    {
        CapturedView view = thread.View;
        if (!view.IsOpen || view.Call != BinaryPrimitives.ReadUInt16LittleEndian(bytes[EventCall..]))
        {
            // Its beginning was lost, which is counted, or it was written when the thread became another one.
            return;
        }

        view.Add(bytes);
        if (WriteBeginning(thread) is { } call)
        {
            CallWriter.End(thread.Thread, view, call, BinaryPrimitives.ReadInt64LittleEndian(bytes[EventValue..]));
            recording.Add(thread.Thread.Line.Written);
        }

        view.Close();
    }

    private TracedCall? WriteBeginning(FollowedThread thread)
    {
        CapturedView view = thread.View;
        if (CallIndex.OfCaptured(view.Call) is not { } call)
        {
            return null;
        }

        Span<ulong> arguments = stackalloc ulong[SystemCallArguments.Count];
        for (int i = 0; i < arguments.Length; i++)
        {
            arguments[i] = view.Argument(i);
        }

        CallWriter.Begin(
            thread.Thread, view, call, arguments, view.PointerSize, (view.Time / NanosecondsPerMicrosecond) + _offset);
        return call;
    }

    /// <summary>A call whose end will not come.</summary>
    private void Abandon(FollowedThread thread)
    {
        if (thread.View.IsOpen && WriteBeginning(thread) is not null)
        {
            thread.Thread.Line.Add(") = ?"u8);
            recording.Add(thread.Thread.Line.Written);
        }

        thread.View.Close();
    }

    private void Started(FollowedThread parent, ReadOnlySpan<byte> bytes)
    {
        ulong flags = BinaryPrimitives.ReadUInt64LittleEndian(bytes[ForkFlags..]);
        int number = Int(bytes, ForkNumber);
        bool compatible = (Int(bytes, ForkCall + sizeof(uint)) & Compatible) != 0;
        CallWriter.BeginLine(_line, parent.Thread.Id, TimeOf(bytes));
        _line.Add(Int(bytes, ForkCall) switch
        {
            56 when !compatible => "clone",
            120 when compatible => "clone",
            435 => "clone3",
            58 when !compatible => "vfork",
            190 when compatible => "vfork",
            _ => "fork",
        });
        _line.Add("(flags="u8);
        _line.AddHex(flags);
        _line.Add(") = "u8);
        _line.Add(number);
        recording.Add(_line.Written);
        bool isThread = (flags & (ulong)CLONE.THREAD) != 0;
        _threads[Int(bytes, ForkChild)] =
            new FollowedThread(new TracedThread(number, isThread ? parent.Thread.Process : Int(bytes, ForkProcessNumber)));
    }

    /// <summary>A thread runs another program. All others of its process are gone, and it has the process's number.
    /// </summary>
    private void Executed(ReadOnlySpan<byte> bytes)
    {
        int former = Int(bytes, EventValue);
        int id = Int(bytes, EventThread);
        if (!_threads.TryGetValue(former, out FollowedThread? thread))
        {
            return;
        }

        thread.View.Add(bytes);
        if (former == id)
        {
            return;
        }

        _threads.Remove(former);
        if (_threads.Remove(id, out FollowedThread? first))
        {
            // Nothing is told of the end of the first thread, whose number this was.
            Abandon(first);
        }

        if (thread.Thread.Id == thread.Thread.Process)
        {
            // One that was found: it is written under its process's number already, and its call goes on.
            _threads[id] = thread;
            return;
        }

        FollowedThread leader = new(new TracedThread(thread.Thread.Process, thread.Thread.Process));
        _threads[id] = leader;
        if (thread.View.IsOpen && WriteBeginning(thread) is { } call)
        {
            long time = TimeOf(bytes);
            LineBuffer line = thread.Thread.Line;
            line.Add(" <unfinished ...>"u8);
            recording.Add(line.Written);
            CallWriter.BeginLine(_line, leader.Thread.Id, time);
            _line.Add("+++ superseded by execve in pid "u8);
            _line.Add(thread.Thread.Id);
            _line.Add(" +++"u8);
            recording.Add(_line.Written);
            CallWriter.BeginLine(_line, leader.Thread.Id, time);
            _line.Add("<... "u8);
            _line.Add(call.Name);
            _line.Add(" resumed>) = 0"u8);
            recording.Add(_line.Written);
        }
    }

    private void Ended(int id, ReadOnlySpan<byte> bytes)
    {
        if (!_threads.TryGetValue(id, out FollowedThread? thread))
        {
            return;
        }

        Abandon(thread);
        int process = Int(bytes, EventProcess);
        int status = Int(bytes, EventValue);
        bool isLast = Int(bytes, EventArguments) == 0;
        if (id == process && !isLast)
        {
            // The process goes on with its other threads, or one of them executes a program and becomes this one.
            thread.HeldExit = status;
            return;
        }

        if (!isLast && thread.Thread.Id == thread.Thread.Process)
        {
            // A thread that was found, and is written as its process.
            _threads.Remove(id);
            return;
        }

        WriteExit(id, thread, status, bytes);
        if (isLast && _threads.TryGetValue(process, out FollowedThread? first) && first.HeldExit is { } held)
        {
            WriteExit(process, first, held, bytes);
        }
    }

    /// <param name="status">As wait4(2) gives it.</param>
    private void WriteExit(int id, FollowedThread thread, int status, ReadOnlySpan<byte> bytes)
    {
        int signal = status & 0x7f;
        CallWriter.BeginLine(_line, thread.Thread.Id, TimeOf(bytes));
        _line.Add(signal == 0
            ? string.Create(CultureInfo.InvariantCulture, $"+++ exited with {(status >> 8) & 0xff} +++")
            : string.Create(CultureInfo.InvariantCulture, $"+++ killed by {SignalNames.Of(signal)}{((status & 0x80) != 0 ? " (core dumped)" : "")} +++"));
        recording.Add(_line.Written);
        _threads.Remove(id);
    }
}
