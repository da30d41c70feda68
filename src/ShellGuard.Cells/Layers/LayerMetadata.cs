using System.Text;
using System.Text.Json;
using ShellGuard.Core;
using ShellGuard.Linux.Abi;

namespace ShellGuard.Cells.Layers;

/// <summary>What is recorded of a layer when its session starts, <c>layer.json</c>.</summary>
public sealed record LayerMetadata
{
    private const int Version = 1;

    /// <summary>The host's directory, absolute.</summary>
    public required string Target { get; init; }

    /// <summary>The directory's device and inode: the commit goes there and nowhere else.</summary>
    public required ulong TargetDevice { get; init; }

    public required ulong TargetInode { get; init; }

    /// <summary>The target file system's time when the session started.</summary>
    public required TimeSpec Start { get; init; }

    /// <summary>The running kernel's identifier, to know whether <see cref="ClockOffset"/> can be compared.</summary>
    public required string BootId { get; init; }

    /// <summary>Nanoseconds from <c>CLOCK_BOOTTIME</c> to <c>CLOCK_REALTIME</c> at the start: a smaller difference later
    /// means that somebody set the clock back.</summary>
    public required long ClockOffset { get; init; }

    /// <summary>Sorted by path; the first is the upper directory itself.</summary>
    public required IReadOnlyList<PlantedEntry> Planted { get; init; }

    /// <summary>Paths at and beneath which nothing is ever committed.</summary>
    public required IReadOnlyList<string> Hidden { get; init; }

    public byte[] ToJson()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteString("target", SafeText.Escape(Target));
            json.WriteNumber("targetDevice", TargetDevice);
            json.WriteNumber("targetInode", TargetInode);
            json.WriteNumber("startSeconds", Start.tv_sec);
            json.WriteNumber("startNanoseconds", Start.tv_nsec);
            json.WriteString("bootId", BootId);
            json.WriteNumber("clockOffset", ClockOffset);
            json.WriteStartArray("planted");
            foreach (PlantedEntry entry in Planted)
            {
                json.WriteStartObject();
                json.WriteString("path", SafeText.Escape(entry.Path));
                json.WriteNumber("type", (uint)entry.Type);
                json.WriteNumber("mode", entry.Mode);
                json.WriteNumber("owner", entry.Owner);
                json.WriteNumber("group", entry.Group);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("hidden");
            foreach (string path in Hidden)
            {
                json.WriteStringValue(SafeText.Escape(path));
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <returns>Null when the bytes are not metadata that this version wrote.</returns>
    public static LayerMetadata? FromJson(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            JsonElement root = document.RootElement;
            if (root.GetProperty("version").GetInt32() != Version)
            {
                return null;
            }

            return new LayerMetadata
            {
                Target = Text(root.GetProperty("target")),
                TargetDevice = root.GetProperty("targetDevice").GetUInt64(),
                TargetInode = root.GetProperty("targetInode").GetUInt64(),
                Start = new TimeSpec(
                    root.GetProperty("startSeconds").GetInt64(), root.GetProperty("startNanoseconds").GetInt64()),
                BootId = Text(root.GetProperty("bootId")),
                ClockOffset = root.GetProperty("clockOffset").GetInt64(),
                Planted =
                [
                    .. root.GetProperty("planted").EnumerateArray().Select(entry => new PlantedEntry(
                        Text(entry.GetProperty("path")),
                        (FileType)entry.GetProperty("type").GetUInt32(),
                        entry.GetProperty("mode").GetUInt32(),
                        entry.GetProperty("owner").GetUInt32(),
                        entry.GetProperty("group").GetUInt32())),
                ],
                Hidden = [.. root.GetProperty("hidden").EnumerateArray().Select(Text)],
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException or DecoderFallbackException)
        {
            return null;
        }
    }

    private static string Text(JsonElement element) =>
        LayerPath.Parse(element.GetString() ?? throw new FormatException("null")) ?? throw new FormatException("escape");
}
