using System.Text.Json;
using ShellGuard.Linux;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cells.Gates;

/// <summary>What goes over a connection for approvals: one object of JSON in each direction, ended by a line feed.</summary>
internal static class ApprovalMessage
{
    /// <summary>Reads one; null where the other end sends none, or one that is too long.</summary>
    /// <param name="most">In bytes.</param>
    /// <param name="turns">In how many pieces it may come.</param>
    public static JsonDocument? Read(Descriptor connection, int most, int turns)
    {
        byte[] buffer = new byte[Math.Min(most, 4096)];
        int filled = 0;
        for (int turn = 0; turn < turns; turn++)
        {
            LinuxResult read = DescriptorIo.Read(connection, buffer.AsSpan(filled));
            if (read.Failed || read.Value == 0)
            {
                return null;
            }

            int end = buffer.AsSpan(filled, (int)read.Value).IndexOf((byte)'\n');
            if (end >= 0)
            {
                return Parse(buffer.AsMemory(0, filled + end));
            }

            filled += (int)read.Value;
            if (filled == most)
            {
                return null;
            }

            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(most, buffer.Length * 4));
            }
        }

        return null;
    }

    /// <summary>Writes one; false where the other end does not take it.</summary>
    public static bool Write(Descriptor connection, Action<Utf8JsonWriter> write)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        ReadOnlySpan<byte> left = stream.GetBuffer().AsSpan(0, (int)stream.Length);
        while (left.Length > 0)
        {
            LinuxResult written = DescriptorIo.Write(connection, left);
            if (written.Failed)
            {
                return false;
            }

            left = left[(int)written.Value..];
        }

        return true;
    }

    /// <summary>A text of an object; empty where there is none.</summary>
    public static string Text(JsonElement message, string name)
    {
        if (!message.TryGetProperty(name, out JsonElement value) || value.ValueKind != JsonValueKind.String)
        {
            return "";
        }

        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate.
            return "";
        }
    }

    /// <summary>A whole number of an object; null where there is none.</summary>
    public static long? Number(JsonElement message, string name) =>
        message.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number)
            ? number
            : null;

    private static JsonDocument? Parse(ReadOnlyMemory<byte> text)
    {
        try
        {
            JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 8 });
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
        }
        catch (JsonException)
        {
            // Not ours: as if nothing had come.
        }

        return null;
    }
}
