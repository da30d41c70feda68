using System.Text.Json;
using ShellGuard.Cells.Planning;
using ShellGuard.Core.Events;

namespace ShellGuard.Cells.Sessions;

/// <summary>What <c>shellguard sessions</c> lists about a session: session.json.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Started">UTC.</param>
/// <param name="Policy">The policy's name.</param>
/// <param name="Command">What ran.</param>
/// <param name="WorkingDirectory">Where.</param>
/// <param name="Layers">The copy-on-write directories, in the order of their numbers.</param>
public sealed record SessionRecord(
    string Id,
    DateTimeOffset Started,
    string Policy,
    IReadOnlyList<string> Command,
    string WorkingDirectory,
    IReadOnlyList<string> Layers)
{
    internal static void Write(
        string directory, SessionId id, SessionRequest request, CellPlan plan, DateTimeOffset started) =>
        Write(
            directory,
            new SessionRecord(
                id.Text, started, request.Policy.Name, request.Command, request.WorkingDirectory,
                [.. plan.View.Layers.Select(layer => layer.Target)]));

    internal static void Write(string directory, SessionRecord record)
    {
        using FileStream file = new(SessionFiles.Record(directory), FileMode.CreateNew, FileAccess.Write);
        using Utf8JsonWriter json = new(file, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("session", record.Id);
        json.WriteString("started", record.Started);
        json.WriteString("policy", record.Policy);
        WriteArray(json, "command", record.Command);
        json.WriteString("directory", record.WorkingDirectory);
        WriteArray(json, "layers", record.Layers);
        json.WriteEndObject();
    }

    /// <summary>Reads a session's record; null when it has none or it is damaged.</summary>
    public static SessionRecord? Read(string directory)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(SessionFiles.Record(directory)));
            JsonElement root = document.RootElement;
            return new SessionRecord(
                root.GetProperty("session").GetString()!,
                root.GetProperty("started").GetDateTimeOffset(),
                root.GetProperty("policy").GetString()!,
                ReadArray(root, "command"),
                root.GetProperty("directory").GetString()!,
                ReadArray(root, "layers"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException
            or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static void WriteArray(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static List<string> ReadArray(JsonElement root, string name) =>
        [.. root.GetProperty(name).EnumerateArray().Select(element => element.GetString()!)];
}
