using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Journal.Format;

namespace ShellGuard.Journal;

/// <summary>Appends a session's events to its journal. Thread-safe. An event is with the kernel when
/// <see cref="Append(JournalEvent)"/> returns true. After the first failure the journal is failed for ever and every
/// call returns false: the caller must then not do what it wanted to record, and stop the session.</summary>
public sealed class JournalWriter : IDisposable
{
    /// <summary>Records between two signatures.</summary>
    public const int CheckpointRecords = 256;

    /// <summary>Nanoseconds after which the next record is followed by a signature.</summary>
    public const long CheckpointNanoseconds = 5_000_000_000;

    /// <summary>What is said beyond a limit of file sizes, setrlimit(2).</summary>
    public const string MayNotGrow = "the file may not grow (EFBIG; see ulimit -f)";

    private readonly Lock _lock = new();

    // All fields below are guarded by _lock.
    private readonly IRecordSink _sink;
    private readonly JournalKey _key;
    private readonly SessionId _session;
    private readonly JournalClock _clock;
    private readonly Durability _durability;
    private readonly RecordSerializer _serializer = new();
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly Utf8JsonWriter _json;
    private readonly byte[] _previousHash = new byte[RecordTail.HashCharacters];
    private readonly byte[] _signature = new byte[RecordTail.SignatureBytes];
    private long _sequence;
    private long _denials;
    private long _signedSequence;
    private long _signedAt;
    private bool _closed;
    private string? _failure;

    private JournalWriter(
        IRecordSink sink, JournalKey key, SessionId session, JournalClock clock, Durability durability)
    {
        _sink = sink;
        _key = key;
        _session = session;
        _clock = clock;
        _durability = durability;
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });
        _previousHash.AsSpan().Fill((byte)'0');
    }

    /// <summary>Why the journal failed, one line; null while it works.</summary>
    public string? Failure
    {
        get
        {
            lock (_lock)
            {
                return _failure;
            }
        }
    }

    /// <summary>Creates the journal's file, which must not exist, and writes its first record.</summary>
    /// <param name="path">In a directory that no cell sees and only the user can write.</param>
    /// <param name="key">Signs; stays the caller's and must outlive the journal.</param>
    /// <param name="start">The first record; its key fields are filled in here.</param>
    /// <param name="error">One line where there is no journal; then there must be no session.</param>
    public static bool TryCreate(
        string path,
        JournalKey key,
        SessionId session,
        SessionStartEvent start,
        JournalClock clock,
        Durability durability,
        [NotNullWhen(true)] out JournalWriter? writer,
        [NotNullWhen(false)] out string? error)
    {
        writer = null;
        IRecordSink sink;
        try
        {
            sink = FileRecordSink.Create(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            error = $"the journal {path} cannot be created: {failure.Message.TrimEnd('.')}";
            return false;
        }

        return TryStart(sink, key, session, start, clock, durability, out writer, out error);
    }

    internal static bool TryStart(
        IRecordSink sink,
        JournalKey key,
        SessionId session,
        SessionStartEvent start,
        JournalClock clock,
        Durability durability,
        [NotNullWhen(true)] out JournalWriter? writer,
        [NotNullWhen(false)] out string? error)
    {
        JournalWriter created = new(sink, key, session, clock, durability);
        if (created.Append(start with { PublicKey = key.PublicKey, KeyFingerprint = key.Fingerprint }))
        {
            writer = created;
            error = null;
            return true;
        }

        error = created.Failure ?? "the journal cannot be written";
        created.Dispose();
        writer = null;
        return false;
    }

    /// <summary>Records an event before it has its effect.</summary>
    /// <returns>Whether it stands in the journal.</returns>
    public bool Append(JournalEvent what) => Append(what, out _);

    /// <summary>Records an event before it has its effect.</summary>
    /// <param name="position">Where it stands, and which denial it is.</param>
    /// <returns>Whether it stands in the journal.</returns>
    public bool Append(JournalEvent what, out RecordPosition position)
    {
        ArgumentNullException.ThrowIfNull(what);
        if (what.Kind is EventKind.Checkpoint or EventKind.Seal)
        {
            throw new ArgumentException("signatures are the journal's own", nameof(what));
        }

        bool denial = what is IDecided { Decision: Decision.Deny };
        lock (_lock)
        {
            if (!Write(what, denial))
            {
                position = default;
                return false;
            }

            position = new RecordPosition(_sequence, denial ? _denials : 0);
            bool due = _sequence - _signedSequence >= CheckpointRecords
                || _clock.ElapsedNanoseconds - _signedAt >= CheckpointNanoseconds;
            if (due && !Write(new SignatureEvent(EventKind.Checkpoint, _denials), denial: false))
            {
                return false;
            }

            bool flush = _durability == Durability.EveryRecord || (_durability == Durability.Decisions
                && (due || what.Kind is EventKind.Answer or EventKind.Commit or EventKind.Discard));
            return !flush || Try(_sink.Flush);
        }
    }

    /// <summary>Writes the end and the signed head, forces all to the disk and closes the file.</summary>
    /// <returns>Whether the journal is whole. A second call returns false.</returns>
    public bool Close(SessionEndEvent end)
    {
        lock (_lock)
        {
            bool whole = Write(end, denial: false)
                && Write(new SignatureEvent(EventKind.Seal, _denials), denial: false)
                && Try(_sink.Flush);
            _closed = true;
            _failure ??= "the journal is closed";
            _sink.Dispose();
            return whole;
        }
    }

    /// <summary>Closes the file. A journal that was not closed before stays without a signed head, as after a kill.
    /// </summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (!_closed)
            {
                _closed = true;
                _failure ??= "the journal is closed";
                _sink.Dispose();
            }

            _json.Dispose();
        }
    }

    private bool Write(JournalEvent what, bool denial)
    {
        if (_failure is not null)
        {
            return false;
        }

        try
        {
            _buffer.ResetWrittenCount();
            _json.Reset(_buffer);
            RecordHeader header = new(
                RecordHeader.CurrentSchema, _sequence + 1, _clock.UtcNow, _clock.ElapsedNanoseconds, _session);
            _serializer.Write(_json, header, what, _previousHash);
            _json.Flush();
            int length = Finish(what.Kind is EventKind.Checkpoint or EventKind.Seal, _previousHash);
            if (length > RecordSerializer.MaxRecordBytes)
            {
                throw new IOException($"a record of {length} bytes is longer than any may be");
            }

            // One write for a record, so that a reader sees it whole or torn, and a full disk loses this one only.
            _sink.Append(_buffer.WrittenSpan[..length]);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException
            or ObjectDisposedException or CryptographicException)
        {
            Fail(failure);
            return false;
        }
        catch
        {
            // A bug, for example an event without a form: it is thrown on, and nothing more is recorded.
            _failure = "the journal failed inside";
            throw;
        }

        _sequence++;
        _denials += denial ? 1 : 0;
        if (what.Kind is EventKind.Checkpoint or EventKind.Seal)
        {
            _signedSequence = _sequence;
            _signedAt = _clock.ElapsedNanoseconds;
        }

        return true;
    }

    /// <summary>Replaces the closing brace by signature, hash, brace and line feed.</summary>
    /// <returns>The line's length.</returns>
    private int Finish(bool signed, Span<byte> hash)
    {
        int body = _buffer.WrittenCount - 1;
        _ = _buffer.GetSpan(RecordTail.MaxLength);
        _buffer.Advance(RecordTail.MaxLength);
        Span<byte> line = System.Runtime.InteropServices.MemoryMarshal.AsMemory(_buffer.WrittenMemory).Span;
        if (signed)
        {
            _key.Sign(line[..body], _signature);
            body += RecordTail.WriteSignature(_signature, line[body..]);
        }

        return body + RecordTail.WriteHash(line[..body], line[body..], hash);
    }

    private bool Try(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception failure) when (failure
            is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            Fail(failure);
            return false;
        }
    }

    private void Fail(Exception failure) =>
        _failure = $"the journal cannot be written: {failure.Message.TrimEnd('.')}";
}
