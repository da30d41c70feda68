using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Import.Strace;

/// <summary>Reads a log of strace's line by line: which thread a line is of, what kind of line it is, and which
/// beginnings and ends of calls belong together.</summary>
internal sealed partial class StraceReader
{
    private readonly CoverageLog _coverage;
    private readonly LineCounts _counts;
    private readonly ThreadTable _threads;
    private readonly CallReader _calls;
    private readonly HeldLines _held = new();
    private readonly LineTime _time;

    // A call whose line breaks off, for example because the program's own output is mixed in.
    private readonly byte[] _broken = new byte[MaxBroken];
    private int _brokenLength;
    private int _brokenPid;
    private bool _brokenByNotice;
    private Origin _brokenOrigin;

    private byte[] _scratch = new byte[8192];
    private byte[] _plain = new byte[8192];
    private bool _inSummary;
    private bool _anyEnd;
    private bool _anyExit;
    private bool _mainIsNameless;
    private bool _isOwn;
    private readonly bool _onlyPayload;

    /// <summary>Bytes kept of a line that breaks off.</summary>
    private const int MaxBroken = 64 * 1024;

    /// <summary>Bytes kept of calls that go on in another thread's file.</summary>
    private const int MaxChanged = 64 * 1024 * 1024;

    private readonly Dictionary<int, Queue<byte[]>> _changed = [];
    private int _changedBytes;

    /// <param name="isSplit">Each thread has a file of its own (strace -ff).</param>
    /// <param name="onlyPayload">Only what a container's programs do counts, not what the runtime does that makes it.
    /// </param>
    public StraceReader(
        AccessTable table, CoverageLog coverage, LineCounts counts, bool isSplit = false, bool onlyPayload = false)
    {
        _onlyPayload = onlyPayload;
        (_coverage, _counts) = (coverage, counts);
        _time = new LineTime { IsWhole = !isSplit };
        _threads = new ThreadTable(coverage, table.Lives, _time) { IsSplit = isSplit };
        _calls = new CallReader(table, coverage, _threads, onlyPayload);
    }

    /// <summary>The lines were made of another tool's: which calls stand in them says nothing about what was recorded, and
    /// times count from where nobody knows.</summary>
    public bool IsTranslated
    {
        get => _isOwn;
        init => _isOwn = _time.IsUptime = value;
    }

    /// <summary>What the times in the log count from.</summary>
    public TraceClock Clock => _time.Clock;

    /// <summary>The kernel that our own tracer names in its first line; null where there is no such line.</summary>
    public RecordedKernel? Kernel { get; private set; }

    /// <summary>Keeps the beginning of a call that goes on in another thread's file (strace -ff). Past the bound the end has no
    /// beginning, which is said when it comes.</summary>
    /// <param name="thread">That thread.</param>
    public void KeepBeginning(int thread, ReadOnlySpan<byte> call)
    {
        const int overhead = 128;
        if (_changedBytes + call.Length + overhead > MaxChanged)
        {
            return;
        }

        _changedBytes += call.Length + overhead;
        if (!_changed.TryGetValue(thread, out Queue<byte[]>? calls))
        {
            _changed.Add(thread, calls = new Queue<byte[]>());
        }

        calls.Enqueue(call.ToArray());
    }

    /// <param name="fileThread">The thread whose file it is (strace -ff), else 0.</param>
    public void Read(ReadOnlySpan<byte> line, Origin origin, int fileThread)
    {
        if (line.IndexOf((byte)0x1b) >= 0)
        {
            Grow(ref _plain, line.Length);
            line.CopyTo(_plain);
            line = _plain.AsSpan(0, LogText.RemoveControlSequences(_plain.AsSpan(0, line.Length)));
        }

        if (!ReadContinuation(line, origin))
        {
            ReadLine(line, origin, fileThread);
        }

        Replay();
    }

    private void ReadLine(ReadOnlySpan<byte> line, Origin origin, int fileThread)
    {
        if (line.IsEmpty || LogText.TrimBlanks(line).IsEmpty)
        {
            _counts.Add(LineKind.Blank);
        }
        else if (line.StartsWith(" > "u8) || line.StartsWith(" | "u8))
        {
            _counts.Add(LineKind.Detail);
        }
        else if (!ReadSummary(line))
        {
            int at = StraceLeader.Read(line, out int pid, out ReadOnlySpan<byte> time);
            _time.Set(time, origin);
            ReadBody(line, line[at..], fileThread != 0 ? fileThread : pid, origin);
        }
    }

    private void ReadBody(ReadOnlySpan<byte> line, ReadOnlySpan<byte> body, int pid, Origin origin)
    {
        if (IsNotice(body))
        {
            _counts.Add(LineKind.Notice);
            ReadNotice(body, origin);
            return;
        }

        bool exit = body.StartsWith("+++ "u8);
        bool signal = body.StartsWith("--- "u8);
        bool resumed = body.StartsWith("<... "u8);
        StraceCall call = exit || signal || resumed ? default : StraceScanner.Scan(body);
        if (!exit && !signal && !resumed && call.Form == StraceForm.None && !body.StartsWith("<detached ...>"u8))
        {
            _counts.AddUnknown(origin, line);
            return;
        }

        if (FindThread(pid, line, origin, body, resumed) is not { } thread)
        {
            return;
        }

        if (exit)
        {
            ReadExit(thread, body, line, origin);
        }
        else if (signal)
        {
            _counts.Add(LineKind.Signal);
        }
        else if (resumed)
        {
            ReadResumed(thread, body, line, origin);
        }
        else if (call.Form == StraceForm.None)
        {
            _counts.Add(LineKind.Exit);
            Detach(thread, origin);
        }
        else
        {
            ReadCall(thread, call, body, line, origin);
        }
    }

    private void ReadCall(TraceThread thread, in StraceCall call, ReadOnlySpan<byte> body, ReadOnlySpan<byte> line, Origin origin)
    {
        if (thread.Pending is not null && call.Form != StraceForm.Broken)
        {
            // A new call of a thread whose former one never ended in the log.
            Abandon(thread);
        }

        if (call.Name.SequenceEqual("restart_syscall"u8) && call.Arguments.StartsWith("<... resuming"u8))
        {
            // The first line of a thread that strace attached to.
            _coverage.Note(CoverageProblem.AttachedMidRun, origin);
        }

        switch (call.Form)
        {
            case StraceForm.Unfinished:
                _counts.Add(LineKind.Unfinished);
                Begin(thread, call, body, origin);
                break;
            case StraceForm.PidChanged:
                // Its end was found when the files were looked through.
                _counts.Add(LineKind.Unfinished);
                break;
            case StraceForm.Detached:
                _counts.Add(LineKind.Exit);
                Detach(thread, origin);
                break;
            case StraceForm.Broken:
                Break(thread, body, line, origin);
                break;
            default:
                if (_calls.Read(thread, call, origin))
                {
                    _counts.Add(LineKind.Call);
                }
                else
                {
                    _counts.AddUnknown(origin, line);
                }
                break;
        }
    }

    private void Begin(TraceThread thread, in StraceCall call, ReadOnlySpan<byte> body, Origin origin)
    {
        int length = body.LastIndexOf("<unfinished ...>"u8);
        thread.Pending = body[..length].TrimEnd((byte)' ').ToArray();
        thread.PendingOrigin = origin;
        if (CallTable.Find(call.Name).Shape == CallShape.Clone)
        {
            _threads.BeginClone(thread);
        }
    }

    /// <summary><c>&lt;... name resumed&gt;rest</c>; older versions have a blank before the rest.</summary>
    private void ReadResumed(TraceThread thread, ReadOnlySpan<byte> body, ReadOnlySpan<byte> line, Origin origin)
    {
        int mark = body.IndexOf(" resumed>"u8);
        if (mark < "<... ".Length)
        {
            _counts.AddUnknown(origin, line);
            return;
        }

        ReadOnlySpan<byte> name = body["<... ".Length..mark];
        ReadOnlySpan<byte> rest = body[(mark + " resumed>".Length)..];
        byte[]? pending = thread.Pending;
        if (pending is null && _changed.TryGetValue(thread.Id, out Queue<byte[]>? changed) && changed.Count > 0)
        {
            pending = changed.Dequeue();
        }

        thread.Pending = null;
        if (pending is null || !pending.AsSpan().StartsWith(name) || pending.Length <= name.Length || pending[name.Length] != '(')
        {
            if (pending is not null)
            {
                thread.Pending = pending;
                Abandon(thread);
            }

            _counts.Add(LineKind.Call);
            _coverage.Note(CoverageProblem.UnpairedCalls, origin);
            return;
        }

        Grow(ref _scratch, pending.Length + rest.Length);
        pending.CopyTo(_scratch, 0);
        rest.CopyTo(_scratch.AsSpan(pending.Length));
        ReadOnlySpan<byte> whole = _scratch.AsSpan(0, pending.Length + rest.Length);
        StraceCall call = StraceScanner.Scan(whole);
        if (call.Form == StraceForm.Unfinished)
        {
            // Interrupted once more, as on stderr.
            _counts.Add(LineKind.Unfinished);
            Begin(thread, call, whole.ToArray(), origin);
        }
        else if (call.Form is StraceForm.Complete or StraceForm.NeverReturned && _calls.Read(thread, call, origin))
        {
            _counts.Add(LineKind.Call);
        }
        else
        {
            _counts.AddUnknown(origin, line);
        }
    }

    /// <summary>A call that began and whose end will not come.</summary>
    private void Abandon(TraceThread thread)
    {
        _coverage.Note(CoverageProblem.UnfinishedCalls, thread.PendingOrigin);
        FinishPending(thread);
    }

    /// <summary>Keeps what a call was about, with an unknown outcome.</summary>
    private void FinishPending(TraceThread thread)
    {
        if (thread.Pending is { } pending)
        {
            thread.Pending = null;
            byte[] whole = [.. pending, .. " <unfinished ...>) = ?"u8];
            StraceCall call = StraceScanner.Scan(whole);
            if (call.Form == StraceForm.NeverReturned)
            {
                _calls.Read(thread, call, thread.PendingOrigin);
            }
        }
    }

    private static void Grow(ref byte[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer = new byte[Math.Max(length, buffer.Length * 2)];
        }
    }
}
