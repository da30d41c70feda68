using System.Text.Json;
using ShellGuard.Core;

namespace ShellGuard.Cells.Layers;

/// <summary>A conflict as JSON: for each file <c>start</c>, <c>host</c> and <c>session</c> with size and hash, null
/// where there is none, and, where there is text, <c>hostChanges</c> and <c>sessionChanges</c> as the hunks of unified
/// diffs from <c>start</c>. Bytes that are not UTF-8 are replaced in them.</summary>
public static class ThreeWayJson
{
    /// <summary>The property <c>threeWay</c>, an array.</summary>
    public static void Write(Utf8JsonWriter json, IEnumerable<ThreeWay> views)
    {
        json.WriteStartArray("threeWay");
        foreach (ThreeWay view in views)
        {
            json.WriteStartObject();
            json.WriteString("path", SafeText.Escape(view.Path));
            Version(json, "start", view.Start);
            Version(json, "host", view.Host);
            Version(json, "session", view.Session);
            json.WriteString("hostChanges", ThreeWayText.Hunks(view.Start, view.Host));
            json.WriteString("sessionChanges", ThreeWayText.Hunks(view.Start, view.Session));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Version(Utf8JsonWriter json, string name, FileVersion? version)
    {
        if (version is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("size", version.Size);
        json.WriteString("sha256", version.Sha256);
        json.WriteEndObject();
    }
}
