using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ShellGuard.Core.Flow.Forms.Json;

/// <summary>The one way to write a value.</summary>
internal static class JsonText
{
    /// <summary>Of a string, a whole number, true, false or null; null for anything else.</summary>
    public static string? OfScalar(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.Null => "null",
        JsonTokenType.Number when reader.TryGetInt64(out long number) => number.ToString(CultureInfo.InvariantCulture),
        JsonTokenType.String => OfString(reader),
        _ => null,
    };

    /// <summary>Of a text of printable ASCII.</summary>
    public static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>The string that the reader stands on; null where it has anything but printable ASCII.</summary>
    public static string? TextOf(in Utf8JsonReader reader)
    {
        byte[] text = new byte[reader.HasValueSequence ? checked((int)reader.ValueSequence.Length) : reader.ValueSpan.Length];
        int length;
        try
        {
            length = reader.CopyString(text);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, or bytes that are no UTF-8.
            return null;
        }

        ReadOnlySpan<byte> bytes = text.AsSpan(0, length);
        return bytes.ContainsAnyExceptInRange((byte)' ', (byte)'~') ? null : Encoding.ASCII.GetString(bytes);
    }

    private static string? OfString(in Utf8JsonReader reader) => TextOf(reader) is { } text ? Quote(text) : null;
}
