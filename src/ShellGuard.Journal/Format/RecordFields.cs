using System.Text.Json;
using ShellGuard.Core;
using ShellGuard.Core.Events;

namespace ShellGuard.Journal.Format;

/// <summary>Reads the fields of one JSON object strictly: a field of the wrong type is a
/// <see cref="FormatException"/>, which parsers turn into a value.</summary>
public readonly struct RecordFields(JsonElement element)
{
    /// <exception cref="FormatException">Not there, or something else. So with all methods here.</exception>
    public long Int64(string name) =>
        TryGet(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out long number)
            ? number
            : throw Bad(name, "a whole number");

    public int Int32(string name) => Int64(name) is >= int.MinValue and <= int.MaxValue and long number
        ? (int)number
        : throw Bad(name, "a 32-bit number");

    public ulong UInt64(string name) =>
        TryGet(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetUInt64(out ulong number)
            ? number
            : throw Bad(name, "a whole number");

    public bool Has(string name) => TryGet(name, out _);

    public bool IsNull(string name) => TryGet(name, out JsonElement value) && value.ValueKind == JsonValueKind.Null;

    public int? OptionalInt32(string name) => TryGet(name, out _) ? Int32(name) : null;

    public bool Boolean(string name) => TryGet(name, out JsonElement value)
        && value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw Bad(name, "true or false");

    public string Text(string name) => OptionalText(name) ?? throw Bad(name, "a text");

    /// <summary>A text of ours; a truncated or escaped one is shown, not restored byte by byte.</summary>
    public string? OptionalText(string name)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return null;
        }

        HostileText text = Hostile(value, name);
        string kept = System.Text.Encoding.UTF8.GetString(text.Kept.Span);
        return text.IsTruncated ? $"{kept}…({text.Length} bytes)" : kept;
    }

    public HostileText Hostile(string name) => OptionalHostile(name) ?? throw Bad(name, "a text");

    public HostileText? OptionalHostile(string name) =>
        TryGet(name, out JsonElement value) ? Hostile(value, name) : null;

    public DateTimeOffset Time(string name) =>
        TryGet(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            && value.TryGetDateTimeOffset(out DateTimeOffset time)
            ? time
            : throw Bad(name, "a time");

    public long? OptionalInt64(string name) => TryGet(name, out _) ? Int64(name) : null;

    /// <summary>An array of texts of ours; empty where it is not there.</summary>
    public IReadOnlyList<string> Texts(string name) => TryGet(name, out _)
        ? [.. Array(name).Select(item => System.Text.Encoding.UTF8.GetString(Hostile(item, name).Kept.Span))]
        : [];

    /// <summary>A list of whole numbers.</summary>
    public IReadOnlyList<long> Int64s(string name)
    {
        List<long> numbers = [];
        foreach (JsonElement item in Array(name))
        {
            numbers.Add(item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out long number)
                ? number
                : throw Bad(name, "a list of whole numbers"));
        }

        return numbers;
    }

    public ArgumentVector Arguments()
    {
        List<HostileText> kept = [];
        long bytes = 0;
        foreach (JsonElement item in Array("argv"))
        {
            HostileText text = Hostile(item, "argv");
            bytes += text.Length;
            kept.Add(text);
        }

        bool isCut = Has("argvCut") && Boolean("argvCut");
        return TryGet("argvSha256", out _)
            ? ArgumentVector.Restore(kept, Int64("argc"), Int64("argvBytes"), Text("argvSha256"), isCut)
            : ArgumentVector.Restore(kept, kept.Count, bytes, null, isCut);
    }

    public IReadOnlyList<ProcessIdentity> Chain()
    {
        if (!TryGet("chain", out _))
        {
            return [];
        }

        List<ProcessIdentity> chain = [];
        foreach (JsonElement item in Array("chain"))
        {
            RecordFields fields = Object(item, "chain");
            chain.Add(new ProcessIdentity(
                fields.Int32("pid"), fields.UInt64("start"), fields.Int32("parent"), fields.Text("program")));
        }

        return chain;
    }

    /// <summary>A list of objects, each read by <paramref name="read"/>.</summary>
    public IReadOnlyList<T> Objects<T>(string name, Func<RecordFields, T> read)
    {
        List<T> items = [];
        foreach (JsonElement item in Array(name))
        {
            items.Add(read(Object(item, name)));
        }

        return items;
    }

    /// <summary>An object in a field.</summary>
    public RecordFields Object(string name) =>
        TryGet(name, out JsonElement value) ? Object(value, name) : throw Bad(name, "an object");

    /// <summary>The names of the fields, where they are data.</summary>
    public IReadOnlyList<string> Names()
    {
        List<string> names = [];
        foreach (JsonProperty property in element.EnumerateObject())
        {
            names.Add(property.Name);
        }

        return names;
    }

    public RuleSource? Rule()
    {
        if (!TryGet("rule", out JsonElement value))
        {
            return null;
        }

        RecordFields fields = Object(value, "rule");
        return new RuleSource(fields.Text("file"), fields.Int32("line"), fields.Int32("column"), fields.Text("text"));
    }

    private bool TryGet(string name, out JsonElement value) => element.TryGetProperty(name, out value);

    private JsonElement.ArrayEnumerator Array(string name) =>
        TryGet(name, out JsonElement value) && value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray()
            : throw Bad(name, "a list");

    private static RecordFields Object(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object ? new RecordFields(value) : throw Bad(name, "an object");

    private static HostileText Hostile(JsonElement value, string name)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            byte[] whole = Unescape(value, name);
            return HostileText.Restore(whole, whole.Length, null);
        }

        RecordFields fields = Object(value, name);
        if (!fields.TryGet("text", out JsonElement text) || text.ValueKind != JsonValueKind.String
            || !fields.TryGet("sha256", out JsonElement hash) || hash.ValueKind != JsonValueKind.String)
        {
            throw Bad(name, "a text with its length and hash");
        }

        return HostileText.Restore(Unescape(text, name), fields.Int64("length"), hash.GetString());
    }

    private static byte[] Unescape(JsonElement value, string name) =>
        ByteEscape.TryUnescape(value.GetString()!, out byte[] bytes) ? bytes : throw Bad(name, "an escaped text");

    private static FormatException Bad(string name, string expected) => new($"field {name} is not {expected}");
}
