using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Import.Strace;

/// <summary>Lines that are no calls, and lines that others broke.</summary>
internal sealed partial class StraceReader
{
    private static bool IsNotice(ReadOnlySpan<byte> body) =>
        body.StartsWith("strace: "u8) || body.StartsWith(OwnNotice) || body.StartsWith("[ Process PID="u8)
        || (body.StartsWith("Process "u8) && body.Length > 8 && LogText.IsDigit(body[8]));

    /// <summary>What our own tracer says about a whole recording.</summary>
    private static ReadOnlySpan<byte> OwnNotice => "shellguard: "u8;

    private void ReadNotice(ReadOnlySpan<byte> body, Origin origin)
    {
        if (body.StartsWith(OwnNotice))
        {
            ReadOwnNotice(body[OwnNotice.Length..], origin);
            return;
        }

        ReadOnlySpan<byte> text = body.StartsWith("strace: "u8) ? body["strace: ".Length..] : body;
        if (!text.StartsWith("Process "u8) || LogText.Decimal(text["Process ".Length..], out long pid) == 0 || pid > int.MaxValue)
        {
            return;
        }

        if (text.EndsWith(" detached"u8) && _threads.Find((int)pid) is { } thread)
        {
            Detach(thread, origin);
        }
        else if (text.EndsWith(" attached"u8) && _threads.Find((int)pid) is null && _threads.Expecting == 1)
        {
            _threads.Adopt((int)pid);
        }
    }

    /// <summary><c>shellguard: lost 12 events</c>, <c>shellguard: did not follow 1 threads</c>, and what the first line says of the
    /// kernel; all others are for people.</summary>
    private void ReadOwnNotice(ReadOnlySpan<byte> text, Origin origin)
    {
        ReadOnlySpan<byte> lost = "lost "u8;
        ReadOnlySpan<byte> notFollowed = "did not follow "u8;
        if (origin.Line == 1)
        {
            // Elsewhere it can be what a program printed.
            Kernel = RecordedKernel.OfNotice(text);
        }

        if (text.StartsWith(lost) && LogText.Decimal(text[lost.Length..], out long events) > 0)
        {
            _coverage.Note(CoverageProblem.LostEvents, origin, events);
        }
        else if (text.StartsWith(notFollowed) && LogText.Decimal(text[notFollowed.Length..], out long threads) > 0)
        {
            _coverage.Note(CoverageProblem.NotFollowed, origin, threads);
        }
    }

    /// <summary>The tables that -c and -C write at the end.</summary>
    private bool ReadSummary(ReadOnlySpan<byte> line)
    {
        bool isLast = false;
        bool isHeader = SummaryTable.IsHeader(line);
        bool isRow = isHeader || SummaryTable.IsTitle(line) || (_inSummary && SummaryTable.IsRow(line, out isLast));
        _inSummary = isHeader || (_inSummary && isRow && !isLast);
        if (isRow)
        {
            _counts.Add(LineKind.Summary);
        }

        return isRow;
    }

    /// <summary>Keeps a call whose line breaks off: on stderr a notice or the program's own output comes between.
    /// </summary>
    private void Break(TraceThread thread, ReadOnlySpan<byte> body, ReadOnlySpan<byte> line, Origin origin)
    {
        int notice = body.LastIndexOf("strace: "u8);
        ReadOnlySpan<byte> kept = notice > 0 && IsNotice(body[notice..]) ? body[..notice] : body;
        if (kept.Length > MaxBroken)
        {
            _counts.AddUnknown(origin, line);
            return;
        }

        kept.CopyTo(_broken);
        (_brokenLength, _brokenPid, _brokenOrigin) = (kept.Length, thread.Id, origin);
        _brokenByNotice = kept.Length < body.Length;
        if (kept.Length < body.Length)
        {
            if (CallTable.Find(StraceScanner.Scan(body).Name).Shape == CallShape.Clone && thread.Pending is null)
            {
                // The notice is about the child of this very call.
                thread.Pending = kept.TrimEnd((byte)' ').ToArray();
                thread.PendingOrigin = origin;
                _threads.BeginClone(thread);
                ReadNotice(body[notice..], origin);
                thread.Pending = null;
            }
            else
            {
                ReadNotice(body[notice..], origin);
            }
        }
    }

    /// <summary>The rest of a line that broke off.</summary>
    private bool ReadContinuation(ReadOnlySpan<byte> line, Origin origin)
    {
        if (_brokenLength == 0)
        {
            return false;
        }

        if (_brokenByNotice && IsNotice(line))
        {
            _counts.Add(LineKind.Notice);
            ReadNotice(line, origin);
            return true;
        }

        // Behind a notice the call goes on wherever it was; the program's own output ends where the arguments do.
        ReadOnlySpan<byte> text = line.TrimStart((byte)' ');
        bool continues = _brokenByNotice || text.StartsWith("<unfinished ...>"u8) || text.StartsWith(")"u8) || text.StartsWith("= "u8)
            || text.StartsWith(", "u8);
        if (!continues || _threads.Find(_brokenPid) is not { } thread)
        {
            DropBroken();
            return false;
        }

        byte[] whole = [.. _broken.AsSpan(0, _brokenLength), .. line];
        _brokenLength = 0;
        StraceCall call = StraceScanner.Scan(whole);
        if (call.Form is StraceForm.Broken or StraceForm.None)
        {
            _counts.AddUnknown(_brokenOrigin, whole.AsSpan(0, whole.Length - line.Length));
            return false;
        }

        _counts.Add(LineKind.Unfinished);
        ReadCall(thread, call, whole, line, origin);
        return true;
    }

    private void DropBroken()
    {
        if (_brokenLength > 0)
        {
            _counts.AddUnknown(_brokenOrigin, _broken.AsSpan(0, _brokenLength));
            if (_threads.Find(_brokenPid) is { } thread)
            {
                _threads.EndClone(thread, 0, CloneOptions.None, _brokenOrigin);
            }

            _brokenLength = 0;
        }
    }
}
