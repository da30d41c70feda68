using System.Text;
using System.Text.Json;
using ShellGuard.Policy.Walls;

namespace ShellGuard.Policy.Evaluation;

/// <summary>The JSON Schema (draft 2020-12) of the policy language, for editors.</summary>
public static class PolicySchema
{
    /// <summary>Indented JSON with a line feed at its end.</summary>
    public static string Write()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
            json.WriteString("title", "ShellGuard policy");
            json.WriteString("type", "object");
            json.WriteBoolean("additionalProperties", false);
            json.WriteStartObject("properties");
            foreach (var key in PolicyKeys.All.Where(k => k.Table.Length == 0))
            {
                WriteKey(json, key);
            }

            foreach (string table in PolicyKeys.Tables)
            {
                json.WriteStartObject(table);
                json.WriteString("type", "object");
                json.WriteBoolean("additionalProperties", false);
                json.WriteStartObject("properties");
                foreach (var key in PolicyKeys.All.Where(k => k.Table == table))
                {
                    WriteKey(json, key);
                }

                json.WriteEndObject();
                json.WriteEndObject();
            }

            WriteWalls(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void WriteWalls(Utf8JsonWriter json)
    {
        json.WriteStartObject(WallKeys.Tags);
        json.WriteString("description", "Declares tags, each with what it stands for.");
        json.WriteString("type", "object");
        json.WriteStartObject("propertyNames");
        json.WriteString("pattern", "^[A-Za-z0-9][A-Za-z0-9:._-]{0,63}$");
        json.WriteEndObject();
        json.WriteStartObject("additionalProperties");
        json.WriteString("type", "string");
        json.WriteEndObject();
        json.WriteEndObject();
        foreach (string table in WallKeys.Tables.Where(t => t != WallKeys.Tags))
        {
            json.WriteStartObject(table);
            json.WriteString("type", table == WallKeys.Cell ? "object" : "array");
            json.WriteStartObject(table == WallKeys.Cell ? "additionalProperties" : "items");
            json.WriteString("type", "object");
            json.WriteBoolean("additionalProperties", false);
            json.WriteStartObject("properties");
            foreach (var key in WallKeys.All.Where(k => k.Table == table))
            {
                WriteKey(json, key);
            }

            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    private static void WriteKey(Utf8JsonWriter json, PolicyKey key)
    {
        json.WriteStartObject(key.Name);
        json.WriteString("description", key.Description);
        switch (key.Kind)
        {
            case PolicyValueKind.Paths or PolicyValueKind.PathsOrGlobs or PolicyValueKind.Endpoints
                or PolicyValueKind.VariableNames or PolicyValueKind.Words or PolicyValueKind.Tags:
                json.WriteString("type", "array");
                json.WriteStartObject("items");
                json.WriteString("type", "string");
                WritePattern(json, ItemPattern(key.Kind));
                json.WriteEndObject();
                break;
            case PolicyValueKind.Variables:
                json.WriteString("type", "object");
                json.WriteStartObject("propertyNames");
                json.WriteString("pattern", "^[A-Za-z_][A-Za-z0-9_]*$");
                json.WriteEndObject();
                json.WriteStartObject("additionalProperties");
                json.WriteString("type", "string");
                json.WriteEndObject();
                break;
            case PolicyValueKind.Size or PolicyValueKind.Count:
                json.WriteStartArray("type");
                json.WriteStringValue("integer");
                json.WriteStringValue("string");
                json.WriteEndArray();
                json.WriteNumber("minimum", 1);
                WritePattern(json, key.Kind == PolicyValueKind.Count
                    ? "^([0-9]+|none)$"
                    : "^([0-9.]+ *([KMGTkmgt]?[Ii]?[Bb]?)|none)$");
                break;
            case PolicyValueKind.Boolean:
                json.WriteString("type", "boolean");
                break;
            case PolicyValueKind.Number:
                json.WriteString("type", "integer");
                json.WriteNumber("minimum", 0);
                break;
            case PolicyValueKind.Choice:
                json.WriteStartArray("enum");
                foreach (string choice in key.Choices)
                {
                    json.WriteStringValue(choice);
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteString("type", "string");
                WritePattern(json, key.Kind switch
                {
                    PolicyValueKind.Percent => "^([0-9]+ *%|none)$",
                    PolicyValueKind.Duration => "^(([0-9]+ *[dhms] *)+|none)$",
                    _ => null,
                });
                break;
        }

        json.WriteEndObject();
    }

    private static string? ItemPattern(PolicyValueKind kind) => kind switch
    {
        PolicyValueKind.Words => "^[^/]+$",
        PolicyValueKind.Tags => "^[A-Za-z0-9][A-Za-z0-9:._-]{0,63}$",
        PolicyValueKind.Endpoints => "^[^ ]+:([0-9]{1,5}|\\*)(/tcp)?$",
        PolicyValueKind.VariableNames => "^([A-Za-z_][A-Za-z0-9_]*)?\\*?$",
        _ => "^(~($|/)|[^~$])",
    };

    private static void WritePattern(Utf8JsonWriter json, string? pattern)
    {
        if (pattern is not null)
        {
            json.WriteString("pattern", pattern);
        }
    }
}
