using System.Runtime.InteropServices;
using System.Text.Json;
using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Import.Tables;

/// <summary>Output of bpftrace -f json: one object a line, of which several may make one line of the tool's table.
/// </summary>
internal sealed class JsonLines(TableReader tables, LineCounts counts)
{
    /// <summary>Bytes kept of a line of the table.</summary>
    private const int MaxLine = 1024 * 1024;

    private readonly List<byte> _line = [];
    private bool _isCut;

    public void Read(ReadOnlySpan<byte> json, Origin origin)
    {
        if (LogText.TrimBlanks(json).IsEmpty)
        {
            counts.Add(LineKind.Blank);
            return;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json.ToArray());
            if (document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("type"u8, out JsonElement type) && type.ValueKind == JsonValueKind.String)
            {
                Read(type.GetString()!, document.RootElement, json, origin);
                return;
            }
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // Not JSON, or not text in a string: listed like any line that is not understood.
        }

        counts.AddUnknown(origin, json);
    }

    /// <summary>What stood at the end without a line feed.</summary>
    public void Finish(Origin origin)
    {
        if (_line.Count > 0)
        {
            EndLine(origin);
        }
    }

    private void EndLine(Origin origin)
    {
        if (_isCut)
        {
            // What is left would be read as something else than the tool wrote.
            tables.NoteCut(origin);
            counts.AddUnknown(origin, CollectionsMarshal.AsSpan(_line));
        }
        else
        {
            tables.Read(CollectionsMarshal.AsSpan(_line), origin);
        }

        _line.Clear();
        _isCut = false;
    }

    private void Read(string type, JsonElement record, ReadOnlySpan<byte> json, Origin origin)
    {
        switch (type)
        {
            case "printf" or "time" or "join" or "cat" or "syscall":
                if (!record.TryGetProperty("data"u8, out JsonElement text) || text.ValueKind != JsonValueKind.String)
                {
                    counts.AddUnknown(origin, json);
                    return;
                }

                // The line that join() ends has no line feed in JSON.
                string data = text.GetString()!;
                Append(System.Text.Encoding.UTF8.GetBytes(type == "join" && !data.EndsWith('\n') ? data + "\n" : data), origin);
                break;
            case "lost_events":
                tables.NoteLoss(CountOf(record), origin);
                counts.Add(LineKind.Loss);
                break;
            case "attached_probes":
                counts.Add(LineKind.Header);
                break;
            case "map" or "hist" or "lhist" or "stats" or "value" or "tseries":
                counts.Add(LineKind.Summary);
                break;
            case "helper_error" or "runtime_error" or "errorf":
                // A part of the program failed: what it would have told is missing.
                tables.NoteLoss(1, origin);
                counts.Add(LineKind.Loss);
                break;
            case "warnf":
                counts.Add(LineKind.Notice);
                break;
            default:
                counts.AddUnknown(origin, json);
                break;
        }
    }

    /// <summary>Each record is one line of the input; one that only begins a line of the table is a detail of it.
    /// </summary>
    private void Append(ReadOnlySpan<byte> text, Origin origin)
    {
        bool read = false;
        while (!text.IsEmpty)
        {
            int feed = text.IndexOf((byte)'\n');
            ReadOnlySpan<byte> part = feed < 0 ? text : text[..feed];
            text = feed < 0 ? default : text[(feed + 1)..];
            ReadOnlySpan<byte> kept = part[..Math.Min(part.Length, MaxLine - _line.Count)];
            _line.AddRange(kept);
            _isCut |= kept.Length < part.Length;
            if (feed >= 0)
            {
                EndLine(origin);
                read = true;
            }
        }

        if (!read)
        {
            counts.Add(LineKind.Detail);
        }
    }

    private static long CountOf(JsonElement record)
    {
        // Older versions: {"data": {"events": 5}}.
        JsonElement count = record.TryGetProperty("count"u8, out JsonElement direct) ? direct
            : record.TryGetProperty("data"u8, out JsonElement data) && data.ValueKind == JsonValueKind.Object
                && data.TryGetProperty("events"u8, out JsonElement events) ? events
            : default;
        return count.ValueKind == JsonValueKind.Number && count.TryGetInt64(out long value) ? value : 1;
    }
}
