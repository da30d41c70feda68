using System.Text.Json;
using ShellGuard.Cells.Sessions;
using ShellGuard.Core;
using ShellGuard.Core.Flow;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Walls;

/// <summary>The walls of a session in its storage: walls.json.</summary>
public static class WallsFile
{
    private static string PathOf(string session) => $"{session}/walls.json";

    /// <summary>Writes them down, before anything of the session has a label.</summary>
    internal static void Write(string session, WallRules walls)
    {
        using FileStream file = new(PathOf(session), FileMode.CreateNew, FileAccess.Write);
        using Utf8JsonWriter json = new(file, new JsonWriterOptions { Indented = true });
        FlowPolicy flow = walls.Flow;
        json.WriteStartObject();
        Write(json, "tags", walls.Tags.Select(tag => tag.Name));
        json.WriteBoolean("strict", flow.Strict);
        json.WriteStartArray("conflicts");
        foreach (ConflictSet conflict in flow.Conflicts)
        {
            json.WriteStartObject();
            json.WriteString("name", conflict.Name);
            json.WriteNumber("at-most", conflict.AtMost);
            Write(json, "of", conflict.Members.Select(flow.NameOf));
            json.WriteBoolean("wall", conflict.Mode == ConflictMode.Wall);
            json.WriteBoolean("exclusive", conflict.Exclusive);
            Write(json, conflict.Rule);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("gates");
        foreach (Gate gate in flow.Gates)
        {
            json.WriteStartObject();
            json.WriteString("name", gate.Name);
            json.WriteBoolean("approval", gate.Kind == GateKind.Approval);
            Write(json, "from", gate.From.Select(flow.NameOf));
            Write(json, "to", gate.To.Select(flow.NameOf));
            json.WriteNumber("bits", gate.Capacity);
            Write(json, gate.Rule);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("trees");
        foreach (TaggedTree tree in SessionWalls.Of(walls).Trees)
        {
            json.WriteStartObject();
            json.WriteString("name", tree.Name);
            Write(json, "paths", tree.Paths);
            Write(json, "source", tree.Sources.Select(flow.NameOf));
            Write(json, "sink", tree.Sinks.Select(flow.NameOf));
            json.WriteBoolean("opaque", tree.Opaque);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Reads them; null where there are none.</summary>
    /// <exception cref="SessionException">They cannot be read.</exception>
    public static SessionWalls? Read(string session)
    {
        FileInfo file = new(PathOf(session));
        if (!file.Exists)
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file.FullName));
            return Read(document.RootElement);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException
            or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new SessionException($"what the session's policy said of walls cannot be read: {failure.Message}");
        }
    }

    private static SessionWalls Read(JsonElement root)
    {
        TagUniverse tags = new(Texts(root, "tags"));
        TagSet SetOf(JsonElement element, string name) => tags.Set([.. Texts(element, name)]);
        FlowPolicy flow = new(
            tags,
            root.GetProperty("conflicts").EnumerateArray().Select(conflict => new ConflictSet(
                Text(conflict, "name"), conflict.GetProperty("at-most").GetInt32(), SetOf(conflict, "of"),
                conflict.GetProperty("wall").GetBoolean() ? ConflictMode.Wall : ConflictMode.Flow,
                conflict.GetProperty("exclusive").GetBoolean(), RuleOf(conflict))),
            root.GetProperty("gates").EnumerateArray().Select(gate => new Gate(
                Text(gate, "name"), gate.GetProperty("approval").GetBoolean() ? GateKind.Approval : GateKind.Filter,
                SetOf(gate, "from"), SetOf(gate, "to"), gate.GetProperty("bits").GetInt64(), RuleOf(gate))),
            root.GetProperty("strict").GetBoolean());
        return new SessionWalls(
            flow,
            [
                .. root.GetProperty("trees").EnumerateArray().Select(tree => new TaggedTree(
                    Text(tree, "name"), [.. Texts(tree, "paths")], SetOf(tree, "source"), SetOf(tree, "sink"),
                    tree.GetProperty("opaque").GetBoolean())),
            ]);
    }

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, RuleSource rule)
    {
        json.WriteString("file", rule.File);
        json.WriteNumber("line", rule.Line);
        json.WriteNumber("column", rule.Column);
        json.WriteString("rule", rule.Text);
    }

    private static RuleSource RuleOf(JsonElement element) => new(
        Text(element, "file"), element.GetProperty("line").GetInt32(), element.GetProperty("column").GetInt32(), Text(element, "rule"));

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static IEnumerable<string> Texts(JsonElement element, string name) =>
        element.GetProperty(name).EnumerateArray().Select(text => text.GetString()!);
}
