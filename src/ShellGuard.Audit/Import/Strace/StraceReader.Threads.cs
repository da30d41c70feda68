using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Import.Strace;

/// <summary>Which thread a line is of, and how threads begin and end.</summary>
internal sealed partial class StraceReader
{
    // Processes that live, and did not begin with an execve or a clone in the log.
    private readonly Dictionary<TraceProcess, Origin> _lateStarts = [];
    private TraceThread? _nameless;
    private long _late;

    private bool _isReplaying;
    private Origin _firstLate;

    /// <summary>The thread that a line is of.</summary>
    /// <returns>Null where the line is kept until that is known.</returns>
    private TraceThread? FindThread(int pid, ReadOnlySpan<byte> line, Origin origin, ReadOnlySpan<byte> body, bool resumed)
    {
        TraceThread? thread = pid == 0 ? FindNameless() : _threads.Find(pid);
        if (thread is null && pid != 0 && _mainIsNameless && _threads.Find(0) is { } main && (main.Pending is null || resumed)
            && _threads.Expecting == 0)
        {
            // On stderr strace names processes only while there are several: this is the one from before.
            _threads.Rename(main, pid);
            _mainIsNameless = false;
            thread = main;
        }

        if (thread is null && _threads.Expecting > 1)
        {
            if (_held.TryAdd(pid, line, origin))
            {
                return null;
            }

            _coverage.Note(CoverageProblem.GuessedParents, origin);
        }

        if (thread is null && _threads.Expecting > 0)
        {
            thread = _threads.Adopt(pid);
        }

        if (thread is null)
        {
            thread = _threads.AddRoot(pid);
            _mainIsNameless |= pid == 0;
            NoteStart(thread, body, origin);
        }

        thread.IsSeen = true;
        _nameless = pid == 0 ? thread : _nameless;
        return thread;
    }

    /// <summary>strace names no thread while it has one only: it stays the same until it ends.</summary>
    private TraceThread? FindNameless() => _threads.Lives(_nameless) ? _nameless : _threads.Only ?? _threads.Find(0);

    /// <summary>A recording from the start begins with an execve; later ones of other roots come from attaching.
    /// </summary>
    private void NoteStart(TraceThread thread, ReadOnlySpan<byte> body, Origin origin)
    {
        bool starts = body.StartsWith(OwnStart) || body.StartsWith("execve("u8) || body.StartsWith("execveat("u8);
        if (starts || (_onlyPayload && !thread.Process.IsPayload))
        {
            return;
        }

        if (_lateStarts.Count < ThreadTable.MaxThreads)
        {
            _lateStarts.TryAdd(thread.Process, origin);
        }
        else
        {
            _firstLate = _late++ == 0 ? origin : _firstLate;
        }
    }

    /// <summary>Reads lines that were kept until their process was known.</summary>
    private void Replay()
    {
        if (_isReplaying)
        {
            return;
        }

        while (_held.Count > 0 && (_threads.Expecting <= 1 ? _held.TakeFirst() : TakeBegun()) is { } lines)
        {
            _isReplaying = true;
            foreach ((byte[] line, Origin origin) in lines)
            {
                Read(line, origin, 0);
            }

            _isReplaying = false;
        }

        if (_held.Count == 0)
        {
            _threads.Began.Clear();
        }
    }

    /// <summary>The lines of a thread that a call has told of since.</summary>
    private List<(byte[] Line, Origin Origin)>? TakeBegun()
    {
        List<(byte[] Line, Origin Origin)>? lines = null;
        while (lines is null && _threads.Began.TryDequeue(out int id))
        {
            lines = _held.Take(id);
        }

        return lines;
    }

    private void ReadExit(TraceThread thread, ReadOnlySpan<byte> body, ReadOnlySpan<byte> line, Origin origin)
    {
        const string superseded = "+++ superseded by execve in pid ";
        if (body.StartsWith("+++ superseded by execve in pid "u8))
        {
            _counts.Add(LineKind.Exit);
            if (LogText.Decimal(body[superseded.Length..], out long other) > 0 && other <= int.MaxValue)
            {
                thread.Pending = null;
                _threads.TakeOver(thread, _threads.Find((int)other) is { } found && found != thread ? found : null);
            }

            return;
        }

        if (ReadOwn(thread, body, line, origin))
        {
            return;
        }

        if (!body.StartsWith("+++ exited with "u8) && !body.StartsWith("+++ killed by "u8))
        {
            _counts.AddUnknown(origin, line);
            return;
        }

        _counts.Add(LineKind.Exit);
        _anyEnd = true;
        _anyExit |= body.StartsWith("+++ exited with "u8);
        FinishPending(thread);
        _threads.End(thread);
        NoteEnd(thread.Process, body);
        if (_lateStarts.Remove(thread.Process, out Origin late))
        {
            _firstLate = _late++ == 0 ? late : _firstLate;
        }
    }

    /// <summary><c>+++ exited with 1 +++</c>, <c>+++ killed by SIGTERM (core dumped) +++</c>. The word of the thread that
    /// ends last is the process's.</summary>
    private void NoteEnd(TraceProcess process, ReadOnlySpan<byte> body)
    {
        const int longest = 16;
        if (process.Life is not { } life)
        {
            return;
        }

        ReadOnlySpan<byte> word = body["+++ exited with "u8.Length..];
        if (body.StartsWith("+++ exited with "u8))
        {
            (life.Status, life.Signal) = (LogText.Decimal(word, out long status) is > 0 and < 4 ? (int)status : null, null);
        }
        else
        {
            word = body["+++ killed by "u8.Length..];
            int end = word.IndexOfAnyExceptInRange((byte)'0', (byte)'Z');
            (life.Status, life.Signal) = (null, word.StartsWith("SIG"u8) && end is > 3 and < longest ? System.Text.Encoding.ASCII.GetString(word[..end]) : null);
        }

        life.End = process.Threads == 0 ? _time.Now : null;
    }

    private void Detach(TraceThread thread, Origin origin)
    {
        _coverage.Note(CoverageProblem.Detached, origin);
        FinishPending(thread);
        _threads.End(thread);
        _anyEnd = true;
    }

    /// <summary>A file of strace -ff is over; its thread may have ended without a word.</summary>
    public void FinishFile(int thread)
    {
        if (_threads.Find(thread) is { Pending: not null } found && !_changed.ContainsKey(thread))
        {
            Abandon(found);
        }
    }

    /// <summary>The log is over.</summary>
    public void Finish()
    {
        DropBroken();
        while (_held.TakeFirst() is { } lines)
        {
            foreach ((byte[] line, Origin origin) in lines)
            {
                _held.IsClosed = true;
                Read(line, origin, 0);
            }
        }

        foreach (TraceThread thread in _threads.Live.Where(thread => thread.Pending is not null).ToList())
        {
            Abandon(thread);
        }

        foreach (TraceThread thread in _threads.Live)
        {
            if (!thread.IsSeen)
            {
                _coverage.Note(CoverageProblem.NotFollowed, default);
            }
            else if (!thread.Process.IsExiting && (_anyEnd || _calls.Of(CallClass.Process) + _calls.Of(CallClass.Execution) > 0))
            {
                _coverage.Note(CoverageProblem.CutLog, default);
            }
        }

        if (_late + _lateStarts.Count > 0)
        {
            _coverage.Note(
                CoverageProblem.AttachedMidRun, _late > 0 ? _firstLate : _lateStarts.Values.First(), _late + _lateStarts.Count);
        }

        if (_onlyPayload && !_calls.HasPayload)
        {
            _coverage.Note(CoverageProblem.NoPayload, default);
        }

        // Our own tracer records what counts, and no reads and writes by which a set of calls could be known.
        if (!_isOwn)
        {
            NoteFilters();
        }
    }

    private void NoteFilters()
    {
        if (_calls.Successes + _calls.Errors == 0)
        {
            return;
        }

        if (_calls.Successes == 0)
        {
            _coverage.Note(CoverageProblem.FilteredByStatus, default, detail: "failed");
        }
        else if (_calls.Errors == 0 && _calls.Successes > 100)
        {
            _coverage.Note(CoverageProblem.FilteredByStatus, default, detail: "successful");
        }

        if (IsSelected())
        {
            List<string> missing = [];
            void Check(CallClass group, string name)
            {
                if (_calls.Of(group) == 0)
                {
                    missing.Add(name);
                }
            }

            Check(CallClass.File, "files");
            Check(CallClass.Process, "processes");
            Check(CallClass.Network, "the network");
            Check(CallClass.Identity, "users");
            Check(CallClass.Other, "descriptors");
            if (missing.Count > 0)
            {
                _coverage.Note(CoverageProblem.FilteredCalls, default, detail: string.Join(", ", missing));
            }
        }
    }

    /// <summary>Whether the recorder was told what to record. Nothing says so, but every program maps memory, reads or writes; every
    /// loader of libraries gives memory back or protects it, and needs none of that only where nothing is loaded; and a process that
    /// exits makes a call to do so.</summary>
    private bool IsSelected() =>
        _calls.Of(CallClass.Other) + _calls.Of(CallClass.Memory) == 0
        || (_calls.Of(CallClass.Memory) == 0 && _calls.HasLibraries)
        || (_calls.Of(CallClass.Process) == 0 && _calls.Of(CallClass.Execution) > 0 && _anyExit);
}
