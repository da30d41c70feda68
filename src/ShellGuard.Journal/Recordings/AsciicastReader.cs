using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ShellGuard.Journal.Format;

namespace ShellGuard.Journal.Recordings;

/// <summary>Reads a recording line by line with bounded memory. Takes any bytes; a line that is no event is passed
/// over and counted.</summary>
public sealed class AsciicastReader : IDisposable
{
    // The largest chunk, each byte escaped to six.
    private const int MaxLine = (AsciicastWriter.MaxChunk * 6) + 1024;

    private const int MaxDepth = 8;

    private readonly Stream _stream;
    private readonly LineScanner _lines;

    private AsciicastReader(Stream stream, LineScanner lines, AsciicastHeader header)
    {
        _stream = stream;
        _lines = lines;
        Header = header;
    }

    public AsciicastHeader Header { get; }

    /// <summary>Lines that were no events, so far.</summary>
    public long Passed { get; private set; }

    /// <param name="recording">From its first byte; disposed with the reader.</param>
    public static bool TryOpen(
        Stream recording, [NotNullWhen(true)] out AsciicastReader? reader, [NotNullWhen(false)] out string? error)
    {
        LineScanner lines = new(recording, MaxLine);
        if (lines.Next(out ReadOnlyMemory<byte> line) == LineKind.Line && TryHeader(line, out AsciicastHeader? header))
        {
            reader = new AsciicastReader(recording, lines, header);
            error = null;
            return true;
        }

        reader = null;
        error = "not a recording: the first line is not the header of asciicast version 2";
        return false;
    }

    /// <summary>The events up to the end; a torn last line is passed over.</summary>
    public IEnumerable<AsciicastEvent> Read()
    {
        while (true)
        {
            LineKind kind = _lines.Next(out ReadOnlyMemory<byte> line);
            if (kind == LineKind.End)
            {
                yield break;
            }

            if (kind == LineKind.Line && TryEvent(line, out AsciicastEvent? found))
            {
                yield return found;
            }
            else
            {
                Passed++;
            }

            if (kind == LineKind.Torn)
            {
                yield break;
            }
        }
    }

    public void Dispose() => _stream.Dispose();

    private static bool TryHeader(ReadOnlyMemory<byte> line, [NotNullWhen(true)] out AsciicastHeader? header)
    {
        header = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = MaxDepth });
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Number(root, "version") != 2
                || Number(root, "width") is not (>= 1 and <= 65535 and long width)
                || Number(root, "height") is not (>= 1 and <= 65535 and long height))
            {
                return false;
            }

            JsonElement env = root.TryGetProperty("env", out JsonElement found) ? found : default;
            header = new AsciicastHeader(
                (int)width, (int)height, Number(root, "timestamp") ?? 0, Text(env, "TERM"), Text(env, "SHELL"),
                Text(root, "title"));
            return true;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool TryEvent(ReadOnlyMemory<byte> line, [NotNullWhen(true)] out AsciicastEvent? found)
    {
        found = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = MaxDepth });
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Array || root.GetArrayLength() != 3
                || root[0].ValueKind != JsonValueKind.Number || !root[0].TryGetDouble(out double seconds)
                || !double.IsFinite(seconds) || seconds < 0
                || root[1].ValueKind != JsonValueKind.String || root[1].GetString() is not [char code]
                || root[2].ValueKind != JsonValueKind.String)
            {
                return false;
            }

            found = new AsciicastEvent(seconds, code, root[2].GetString()!);
            return true;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static long? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out long number)
            ? number
            : null;

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value)
            && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
