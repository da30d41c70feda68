using System.Globalization;
using System.Text;
using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Import.Strace;
using ShellGuard.Audit.Model;
using ShellGuard.Linux.Abi;

namespace ShellGuard.Audit.Import.Perf;

/// <summary>Reads the output of perf trace, and of perf script for tracepoints of calls and of processes, by writing each
/// call as strace does: there is one way from a call to an access.</summary>
internal sealed class PerfReader(AccessTable table, CoverageLog coverage, LineCounts counts, bool onlyPayload, bool isTrace)
{
    /// <summary>Calls that began; a thread can be in one only, and nobody has more threads than this.</summary>
    private const int MaxPending = ThreadTable.MaxThreads;

    private readonly StraceReader _strace = new(table, coverage, counts, onlyPayload: onlyPayload) { IsTranslated = true };
    private readonly Dictionary<int, (string Call, string Arguments)> _pending = [];
    private readonly Dictionary<int, string> _ended = [];
    private bool _threadsMissing;
    private bool _hasForks;

    public TraceClock Clock => _strace.Clock;

    public void Read(ReadOnlySpan<byte> line, Origin origin)
    {
        if (LogText.TrimBlanks(line).IsEmpty)
        {
            counts.Add(LineKind.Blank);
        }
        else if (line[0] == '#')
        {
            counts.Add(LineKind.Header);
        }
        else if (ReadLoss(line, origin))
        {
            counts.Add(LineKind.Loss);
        }
        else if (line[0] == '\t')
        {
            // A frame of a call chain.
            counts.Add(LineKind.Detail);
        }
        else if ((isTrace ? PerfLine.Trace(line) : PerfLine.Script(line)) is not { } parts || !(isTrace ? ReadTrace(parts, origin) : ReadScript(parts, origin)))
        {
            counts.AddUnknown(origin, line);
        }
    }

    public void Finish()
    {
        foreach ((int thread, (string call, string arguments)) in _pending)
        {
            Feed(thread, "", $"{call}({arguments} <unfinished ...>) = ?", default);
        }

        _strace.Finish();
        coverage.Note(
            CoverageProblem.OneAspect, default,
            detail: "perf: only the events that it was told to record, and threads count as processes" + (_threadsMissing ? "; calls of several threads cannot be told apart" : ""));
    }

    /// <summary><c>LOST 12 events!</c>, <c>PERF_RECORD_LOST lost 12</c>, <c>Processed 3 events and lost 2 chunks!</c>.
    /// </summary>
    private bool ReadLoss(ReadOnlySpan<byte> line, Origin origin)
    {
        ReadOnlySpan<byte> text = LogText.TrimBlanks(line);
        int at = text.StartsWith("LOST "u8) ? "LOST ".Length
            : text.IndexOf("PERF_RECORD_LOST lost "u8) is >= 0 and int record ? record + "PERF_RECORD_LOST lost ".Length
            : text.StartsWith("Processed "u8) && text.IndexOf(" events and lost "u8) is > 0 and int chunks ? chunks + " events and lost ".Length
            : -1;
        if (at < 0 || LogText.Decimal(text[at..], out long count) == 0)
        {
            return false;
        }

        coverage.Note(CoverageProblem.LostEvents, origin, Math.Max(1, count));
        return true;
    }

    private bool ReadTrace(PerfLine line, Origin origin)
    {
        (int thread, string rest) = (line.Thread, line.Rest);
        _threadsMissing |= thread == 0;
        string time = double.TryParse(line.Time, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double milliseconds)
            ? (milliseconds / 1000).ToString("F6", CultureInfo.InvariantCulture)
            : "";
        const string continued = "... [continued]: ";
        bool isContinued = rest.StartsWith(continued, StringComparison.Ordinal);
        rest = isContinued ? rest[continued.Length..] : rest;
        int open = rest.IndexOf('(', StringComparison.Ordinal);
        if (open <= 0 || !CallCounts.IsName(rest[..open]))
        {
            // A tracepoint among the calls.
            bool isEvent = PerfLine.IsTracepoint(rest);
            if (isEvent)
            {
                counts.Add(LineKind.Detail);
            }

            return isEvent;
        }

        string call = rest[..open];
        if (!isContinued && rest.EndsWith("...", StringComparison.Ordinal))
        {
            string begun = rest[(open + 1)..^3].TrimEnd();
            Begin(thread, call, PerfText.Arguments(call, begun.EndsWith(')') ? begun[..^1] : begun));
            return true;
        }

        int close = rest.LastIndexOf(" = ", StringComparison.Ordinal);
        int end = close < 0 ? -1 : rest.LastIndexOf(')', close);
        if (end <= open)
        {
            return false;
        }

        string arguments = PerfText.Arguments(call, rest[(open + 1)..end]);
        if (isContinued)
        {
            arguments = _pending.Remove(thread, out var former) && former.Call == call ? former.Arguments : "";
        }

        Feed(thread, time, $"{call}({arguments}) = {rest[(close + 3)..]}", origin);
        return true;
    }

    private bool ReadScript(PerfLine line, Origin origin)
    {
        (int thread, string time, string name, string rest) = line;
        const string enter = "syscalls:sys_enter_", exit = "syscalls:sys_exit_";
        if (name.StartsWith(enter, StringComparison.Ordinal))
        {
            Begin(thread, CallOf(name[enter.Length..]), PerfText.Arguments(name[enter.Length..], rest));
        }
        else if (name.StartsWith(exit, StringComparison.Ordinal))
        {
            End(thread, time, CallOf(name[exit.Length..]), rest, origin);
        }
        else if (name is "raw_syscalls:sys_enter" or "raw_syscalls:sys_exit")
        {
            return ReadRaw(thread, time, name.EndsWith('r'), rest, origin);
        }
        else if (name == "sched:sched_process_exec" && rest.StartsWith("filename=", StringComparison.Ordinal) && rest.LastIndexOf(" pid=", StringComparison.Ordinal) is > 0 and int behind)
        {
            Feed(thread, time, $"execve({PerfText.Arguments("execve", $"filename: \"{rest["filename=".Length..behind]}\"")}) = 0", origin);
            _pending.Remove(thread);
            _ended[thread] = "execve";
        }
        else if (name == "sched:sched_process_fork" && Field(rest, "child_pid=") is > 0 and int child)
        {
            _hasForks = true;
            Feed(thread, time, $"fork() = {child}", origin);
        }
        else if (name == "sched:sched_process_exit")
        {
            _pending.Remove(thread);
            _ended.Remove(thread);
            Feed(thread, time, "+++ exited with ? +++", origin);
        }
        else
        {
            counts.Add(LineKind.Detail);
        }

        return true;
    }

    /// <summary><c>NR 257 (ffffff9c, 7fdc673770b1, 80000, 0, 0, 0)</c>, <c>NR 257 = 3</c>: what stands in memory is not
    /// in it.</summary>
    private bool ReadRaw(int thread, string time, bool isEnter, string rest, Origin origin)
    {
        if (!rest.StartsWith("NR ", StringComparison.Ordinal))
        {
            return false;
        }

        string[] words = rest.Split(' ', 4);
        if (words.Length < 3 || !int.TryParse(words[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number))
        {
            return false;
        }

        if (number < 0)
        {
            // The end of a call whose number is gone by then: a signal's handler returned, or an execve of 32 bits.
            counts.Add(LineKind.Detail);
            return true;
        }

        SystemCall known = (SystemCall)number;
        string call = Enum.IsDefined(known) ? known.ToString() : $"syscall_{number}";
        if (!isEnter)
        {
            End(thread, time, call, words.Length > 3 ? words[3] : "", origin);
        }
        else if (_pending.TryGetValue(thread, out var begun) && begun.Call == call)
        {
            // The call's own tracepoint said more already.
            counts.Add(LineKind.Detail);
        }
        else
        {
            Begin(thread, call, RawArguments(call, rest));
        }

        return true;
    }

    private static string RawArguments(string call, string rest)
    {
        if (PerfCalls.Of(call) is not { } names)
        {
            return "";
        }

        string[] values = rest[(rest.IndexOf('(', StringComparison.Ordinal) + 1)..].TrimEnd(')').Split(", ");
        StringBuilder named = new();
        for (int i = 0; i < Math.Min(names.Length, values.Length); i++)
        {
            named.Append(CultureInfo.InvariantCulture, $"{(i > 0 ? ", " : "")}{names[i]}: 0x{values[i]}");
        }

        return PerfText.Arguments(call, named.ToString());
    }

    private void Begin(int thread, string call, string arguments)
    {
        counts.Add(LineKind.Unfinished);
        if (_pending.Count < MaxPending || _pending.ContainsKey(thread))
        {
            _pending[thread] = (call, arguments);
        }
    }

    private void End(int thread, string time, string call, string result, Origin origin)
    {
        if (_pending.Remove(thread, out var begun) && begun.Call == call)
        {
            _ended[thread] = call;

            if (_hasForks && (call is "clone" or "clone3" or "fork" or "vfork"))
            {
                // The event of the fork itself has told who was made.
                table.Calls.Add(Encoding.ASCII.GetBytes(call));
                counts.Add(LineKind.Call);
                return;
            }

            Feed(thread, time, $"{call}({begun.Arguments}) = {Result(result)}", origin);
        }
        else if ((_ended.Remove(thread, out string? ended) && ended == call) || call is "clone" or "clone3" or "fork" or "vfork")
        {
            // Told by another event already; or a child that comes out of the call in which its parent went.
            counts.Add(LineKind.Detail);
        }
        else
        {
            counts.Add(LineKind.Call);
            coverage.Note(CoverageProblem.UnpairedCalls, origin);
        }
    }

    /// <summary><c>3</c>, <c>-2</c>, <c>0x3</c>, <c>0xfffffffffffffffe</c>.</summary>
    private static string Result(string text)
    {
        text = text.Trim();
        long value;
        if (text.StartsWith("0x", StringComparison.Ordinal))
        {
            if (!ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong bits))
            {
                return "?";
            }

            value = (long)bits;
        }
        else if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value))
        {
            return "?";
        }

        if (value is >= 0 or < -4095)
        {
            return value >= 0 ? value.ToString(CultureInfo.InvariantCulture) : $"0x{value:x}";
        }

        Linux.Errno error = (Linux.Errno)(-value);
        return Enum.IsDefined(error) ? $"-1 {error}" : $"-1 (errno {-value})";
    }

    /// <summary>Tracepoints have the kernel's names of functions: <c>newstat</c> is stat(2).</summary>
    private static string CallOf(string name) => name switch
    {
        "newstat" => "stat",
        "newlstat" => "lstat",
        "newfstat" => "fstat",
        "newuname" => "uname",
        "sendfile64" => "sendfile",
        "umount" => "umount2",
        _ => name,
    };

    private static int? Field(string text, string name)
    {
        int at = text.LastIndexOf(name, StringComparison.Ordinal);
        return at >= 0 && LogText.Decimal(Encoding.ASCII.GetBytes(text[(at + name.Length)..]), out long value) > 0 && value <= int.MaxValue ? (int)value : null;
    }

    private void Feed(int thread, string time, string call, Origin origin) => _strace.Read(
        Encoding.Latin1.GetBytes($"{(thread > 0 ? $"{thread} " : "")}{(time.Length > 0 ? $"{time} " : "")}{call}"), origin, 0);
}
