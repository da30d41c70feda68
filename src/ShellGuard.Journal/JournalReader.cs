using System.Diagnostics.CodeAnalysis;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Journal.Format;

namespace ShellGuard.Journal;

/// <summary>Reads a journal line by line with bounded memory and carries on over lines that it cannot read. It does
/// not check the hash chain; <see cref="JournalVerifier"/> does.</summary>
public sealed class JournalReader : IDisposable
{
    private readonly Stream _stream;
    private readonly LineScanner _lines;
    private long _number;
    private long _denials;

    /// <param name="journal">From its first byte; disposed with the reader.</param>
    public JournalReader(Stream journal)
    {
        _stream = journal;
        _lines = new LineScanner(journal, RecordSerializer.MaxRecordBytes);
    }

    /// <summary>Opens a journal, also while it is being written.</summary>
    public static bool TryOpen(
        string path, [NotNullWhen(true)] out JournalReader? reader, [NotNullWhen(false)] out string? error)
    {
        try
        {
            reader = new JournalReader(
                new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0));
            error = null;
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            reader = null;
            error = $"the journal {path} cannot be read: {failure.Message.TrimEnd('.')}";
            return false;
        }
    }

    /// <summary>All lines up to the end of the file; a torn last line comes as one that cannot be read.</summary>
    public IEnumerable<JournalLine> Read(JournalFilter? filter = null)
    {
        while (true)
        {
            LineKind kind = _lines.Next(out ReadOnlyMemory<byte> bytes);
            if (kind == LineKind.End)
            {
                yield break;
            }

            JournalLine line = Line(kind, bytes);
            if (filter is null || filter.Matches(line))
            {
                yield return line;
            }

            if (kind == LineKind.Torn)
            {
                yield break;
            }
        }
    }

    /// <summary>All lines, and then new ones as they are written, until the signed head, the cancellation, or the
    /// file getting shorter. Blocks between lines.</summary>
    /// <param name="interval">How often to look.</param>
    public IEnumerable<JournalLine> Follow(
        JournalFilter? filter, TimeSpan interval, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            LineKind kind = _lines.Next(out ReadOnlyMemory<byte> bytes);
            if (kind is LineKind.Line or LineKind.TooLong)
            {
                JournalLine line = Line(kind, bytes);
                if (filter is null || filter.Matches(line))
                {
                    yield return line;
                }

                if (line.Record?.Event.Kind == EventKind.Seal)
                {
                    yield break;
                }

                continue;
            }

            // Torn: the writer is in the middle of a record, or was killed there; the next look tells.
            if (_stream.CanSeek && _stream.Length < _stream.Position)
            {
                yield return new JournalLine(
                    _number + 1, _stream.Length, default, null, "the journal got shorter while it was read", 0);
                yield break;
            }

            cancellation.WaitHandle.WaitOne(interval);
        }
    }

    public void Dispose() => _stream.Dispose();

    private JournalLine Line(LineKind kind, ReadOnlyMemory<byte> bytes)
    {
        _number++;
        byte[] json = bytes.ToArray();
        string? problem = kind switch
        {
            LineKind.Torn => "torn: the record was not written to its end",
            LineKind.TooLong => "longer than any record",
            _ => null,
        };
        if (problem is null && RecordParser.TryParse(json, out JournalRecord? record, out problem))
        {
            bool denial = record.Event is IDecided { Decision: Decision.Deny };
            _denials += denial ? 1 : 0;
            return new JournalLine(_number, _lines.Offset, json, record, null, denial ? _denials : 0);
        }

        return new JournalLine(_number, _lines.Offset, json, null, problem, 0);
    }
}
