using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ShellGuard.Core.Events;

namespace ShellGuard.Journal.Recordings;

/// <summary>Records a terminal as asciicast version 2, on the journal's clock. Thread-safe. Like the journal it is
/// written without a buffer and fails for ever at the first failure: the caller then stops the session.</summary>
public sealed class AsciicastWriter : IDisposable
{
    /// <summary>Bytes of output in one event; more becomes several.</summary>
    public const int MaxChunk = 64 * 1024;

    private const double NanosecondsPerSecond = 1e9;

    private readonly Lock _lock = new();

    // All fields below are guarded by _lock.
    private readonly IRecordSink _sink;
    private readonly JournalClock _clock;
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly Utf8JsonWriter _json;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    // A decoder holds back an unfinished character and turns invalid bytes into U+FFFD.
    private readonly Decoder _output = Encoding.UTF8.GetDecoder();
    private readonly Decoder _input = Encoding.UTF8.GetDecoder();
    private readonly char[] _text = new char[MaxChunk + 4];
    private bool _closed;
    private string? _failure;

    private AsciicastWriter(IRecordSink sink, JournalClock clock)
    {
        _sink = sink;
        _clock = clock;
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions
        {
            // Plain UTF-8 for letters of any script; controls are escaped. It is never put into a web page.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            SkipValidation = true,
        });
    }

    /// <summary>Why the recording failed, one line; null while it works.</summary>
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

    /// <summary>Creates the recording's file, which must not exist, and writes its header.</summary>
    public static bool TryCreate(
        string path,
        AsciicastHeader header,
        JournalClock clock,
        [NotNullWhen(true)] out AsciicastWriter? writer,
        [NotNullWhen(false)] out string? error)
    {
        writer = null;
        try
        {
            return TryStart(FileRecordSink.Create(path), header, clock, out writer, out error);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            error = $"the recording {path} cannot be created: {failure.Message.TrimEnd('.')}";
            return false;
        }
    }

    internal static bool TryStart(
        IRecordSink sink,
        AsciicastHeader header,
        JournalClock clock,
        [NotNullWhen(true)] out AsciicastWriter? writer,
        [NotNullWhen(false)] out string? error)
    {
        AsciicastWriter created = new(sink, clock);
        if (created.Header(header))
        {
            writer = created;
            error = null;
            return true;
        }

        error = created.Failure ?? "the recording cannot be written";
        created.Dispose();
        writer = null;
        return false;
    }

    /// <summary>What was shown. May end in the middle of a character.</summary>
    public bool Output(ReadOnlySpan<byte> bytes) => Bytes("o", _output, bytes);

    /// <summary>What was typed; only where the policy says so, for it holds passwords.</summary>
    public bool Input(ReadOnlySpan<byte> bytes) => Bytes("i", _input, bytes);

    /// <summary>The terminal has a new size.</summary>
    public bool Resize(int columns, int rows)
    {
        lock (_lock)
        {
            return Event("r", string.Create(CultureInfo.InvariantCulture, $"{columns}x{rows}"), Now());
        }
    }

    /// <summary>Marks where a record of the journal belongs, for <c>replay --at</c>.</summary>
    /// <param name="sequence">The record's number.</param>
    /// <param name="kind">What it tells of.</param>
    public bool Mark(long sequence, EventKind kind)
    {
        lock (_lock)
        {
            return Event("m", AsciicastMarker.Label(sequence, kind), Now());
        }
    }

    /// <summary>Writes what was held back, forces the file to the disk and closes it.</summary>
    /// <param name="sha256">SHA-256 of the whole file in lower-case hex, for
    /// <see cref="SessionEndEvent.RecordingSha256"/>; null when the recording is not whole.</param>
    public bool Close(out string? sha256)
    {
        sha256 = null;
        lock (_lock)
        {
            bool whole = Rest("o", _output) && Rest("i", _input) && Try(_sink.Flush);
            if (whole)
            {
                sha256 = Convert.ToHexString(_hash.GetHashAndReset()).ToLowerInvariant();
            }

            _closed = true;
            _failure ??= "the recording is closed";
            _sink.Dispose();
            return whole;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (!_closed)
            {
                _closed = true;
                _failure ??= "the recording is closed";
                _sink.Dispose();
            }

            _json.Dispose();
            _hash.Dispose();
        }
    }

    private bool Header(AsciicastHeader header)
    {
        lock (_lock)
        {
            _json.WriteStartObject();
            _json.WriteNumber("version"u8, 2);
            _json.WriteNumber("width"u8, header.Width);
            _json.WriteNumber("height"u8, header.Height);
            _json.WriteNumber("timestamp"u8, header.Timestamp);
            if (header.Title is not null)
            {
                _json.WriteString("title"u8, header.Title);
            }

            _json.WriteStartObject("env"u8);
            if (header.Shell is not null)
            {
                _json.WriteString("SHELL"u8, header.Shell);
            }

            if (header.Terminal is not null)
            {
                _json.WriteString("TERM"u8, header.Terminal);
            }

            _json.WriteEndObject();
            _json.WriteEndObject();
            return Line();
        }
    }

    private bool Bytes(string code, Decoder decoder, ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            double now = Now();
            while (!bytes.IsEmpty)
            {
                ReadOnlySpan<byte> chunk = bytes[..Math.Min(bytes.Length, MaxChunk)];
                int length = decoder.GetChars(chunk, _text, flush: false);
                if (length > 0 && !Event(code, _text.AsSpan(0, length), now))
                {
                    return false;
                }

                bytes = bytes[chunk.Length..];
            }

            return _failure is null;
        }
    }

    private bool Rest(string code, Decoder decoder)
    {
        int length = decoder.GetChars([], _text, flush: true);
        return _failure is null && (length == 0 || Event(code, _text.AsSpan(0, length), Now()));
    }

    private double Now() => _clock.ElapsedNanoseconds / NanosecondsPerSecond;

    private bool Event(string code, ReadOnlySpan<char> data, double seconds)
    {
        _json.WriteStartArray();
        Span<char> time = stackalloc char[32];
        seconds.TryFormat(time, out int length, "F6", CultureInfo.InvariantCulture);
        _json.WriteRawValue(time[..length], skipInputValidation: true);
        _json.WriteStringValue(code);
        _json.WriteStringValue(data);
        _json.WriteEndArray();
        return Line();
    }

    private bool Line()
    {
        _json.Flush();
        _buffer.Write("\n"u8);
        bool good = Try(() =>
        {
            _sink.Append(_buffer.WrittenSpan);
            _hash.AppendData(_buffer.WrittenSpan);
        });
        _buffer.ResetWrittenCount();
        _json.Reset(_buffer);
        return good;
    }

    private bool Try(Action action)
    {
        if (_failure is not null)
        {
            return false;
        }

        try
        {
            action();
            return true;
        }
        catch (Exception failure) when (failure
            is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            _failure = $"the recording cannot be written: {failure.Message.TrimEnd('.')}";
            return false;
        }
    }
}
