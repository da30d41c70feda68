using System.Text.Json;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cells.Layers;

/// <summary>Changes as JSON.</summary>
public static class ChangeJson
{
    /// <summary>One object. A path that is not UTF-8 has its bytes in <c>pathBytes</c> (Base64) as well.</summary>
    /// <param name="conflict">What there is to see of it where the host changed it too.</param>
    public static void Write(Utf8JsonWriter json, Change change, IReadOnlyList<ThreeWay> conflict)
    {
        json.WriteStartObject();
        Text(json, "path", change.Path);
        json.WriteString("kind", Name(change.Kind.ToString()));
        json.WriteStartArray("aspects");
        foreach (ChangeAspects aspect in Enum.GetValues<ChangeAspects>())
        {
            if (aspect != ChangeAspects.None && change.Aspects.HasFlag(aspect))
            {
                json.WriteStringValue(Name(aspect.ToString()));
            }
        }

        json.WriteEndArray();
        Side(json, "layer", change.Mine, change.Target);
        Side(json, "host", change.Host, change.HostTarget);
        if (change.HardLinkTo is { } first)
        {
            Text(json, "hardLinkTo", first);
        }

        if (change.Entries > 0)
        {
            json.WriteNumber("entries", change.Entries);
        }

        Optional(json, "refusal", change.Refusal);
        Optional(json, "conflict", change.Conflict);
        Optional(json, "note", change.Note);
        if (conflict.Count > 0)
        {
            ThreeWayJson.Write(json, conflict);
        }

        json.WriteEndObject();
    }

    private static void Side(Utf8JsonWriter json, string name, FileStatus? status, string? target)
    {
        if (status is not { } there)
        {
            return;
        }

        json.WriteStartObject(name);
        json.WriteString("type", ChangeText.TypeName(there.Type));
        json.WriteString("mode", ChangeText.Octal(there.Mode));
        json.WriteNumber("owner", there.Owner);
        json.WriteNumber("group", there.Group);
        json.WriteNumber("size", there.Size);
        json.WriteString("modified", there.Modified.ToString());
        if (target is not null)
        {
            Text(json, "target", target);
        }

        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, string name, string text)
    {
        byte[] bytes = KernelText.Encode(text);
        if (KernelText.IsUnicode(text))
        {
            json.WriteString(name, text);
        }
        else
        {
            json.WriteString(name, System.Text.Encoding.UTF8.GetString(bytes));
            json.WriteBase64String(name + "Bytes", bytes);
        }
    }

    private static void Optional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static string Name(string member) => char.ToLowerInvariant(member[0]) + member[1..];
}
