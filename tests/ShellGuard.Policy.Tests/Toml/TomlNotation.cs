using System.Globalization;
using ShellGuard.Policy.Toml;

namespace ShellGuard.Policy.Tests.Toml;

/// <summary>Writes values in a notation that tests can compare.</summary>
internal static class TomlNotation
{
    public static string Write(TomlValue value) => value switch
    {
        TomlString s => $"\"{s.Value}\"",
        TomlInteger i => i.Value.ToString(CultureInfo.InvariantCulture),
        TomlFloat f => f.Value.ToString(CultureInfo.InvariantCulture) + "f",
        TomlBoolean b => b.Value ? "true" : "false",
        TomlDateTime d => Write(d),
        TomlArray a => $"[{string.Join(',', a.Items.Select(Write))}]",
        TomlTable t => $"{{{string.Join(',', t.Entries.Select(e => $"{e.Key.Name}:{Write(e.Value)}"))}}}",
        _ => throw new ArgumentException(value.Kind, nameof(value)),
    };

    private static string Write(TomlDateTime value)
    {
        string date = value.Date is { } d ? $"{d.Year:D4}-{d.Month:D2}-{d.Day:D2}" : "";
        string time = value.Time is { } t ? $"T{t.Hour:D2}:{t.Minute:D2}:{t.Second:D2}.{t.Nanosecond:D9}" : "";
        string offset = value.OffsetMinutes is { } o ? o.ToString("+0;-0;+0", CultureInfo.InvariantCulture) : "";
        return date + time + offset;
    }
}
