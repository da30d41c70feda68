using System.Text.Json;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Reports;
using ShellGuard.Core;

namespace ShellGuard.Cli.Support;

/// <summary>Writes a generalised access as an object.</summary>
internal static class AccessJson
{
    public static void Write(Utf8JsonWriter json, GeneralAccess access)
    {
        json.WriteStartObject();
        Fields(json, access);
        json.WriteEndObject();
    }

    public static void Fields(Utf8JsonWriter json, GeneralAccess access)
    {
        json.WriteString("operation", KebabCase.Of(access.Operation.ToString()));
        json.WriteString("target", AccessText.Name(access.Target, int.MaxValue));
        if (access.Destination is not null)
        {
            json.WriteString("destination", AccessText.Name(access.Destination, int.MaxValue));
        }

        json.WriteString("outcome", KebabCase.Of(access.Outcome.Kind.ToString()));
        if (access.Outcome.Error.Length > 0)
        {
            json.WriteString("error", AccessText.Name(access.Outcome.Error, 40));
        }

        json.WriteNumber("count", access.Count);
        json.WriteNumber("names", access.Names);
        if (access.RunCount > 0)
        {
            json.WriteNumber("runs", access.RunCount);
        }

        json.WriteStartArray("rules");
        foreach (GeneralRule rule in access.Rules)
        {
            json.WriteStringValue(rule.Name);
        }

        json.WriteEndArray();
    }
}
