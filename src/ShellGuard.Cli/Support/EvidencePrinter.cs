using System.Globalization;
using System.Text.Json;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Model;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Reports;
using ShellGuard.Audit.Reports.Explaining;
using ShellGuard.Core;
using ShellGuard.Journal.Rendering;

namespace ShellGuard.Cli.Support;

/// <summary>Prints the way from an access back to processes and lines.</summary>
internal static class EvidencePrinter
{
    private const int Accesses = 40;
    private const int Members = 5;

    public static void Print(ImportResult result, Explanation explanation)
    {
        IReadOnlyList<GeneralAccess> found = explanation.Accesses;
        EvidenceLines lines = Lines(result, found);
        foreach (ExplainedNote note in explanation.Notes)
        {
            Terminal.Out.WriteLine(note.Text);
            if (note.Place.Line > 0)
            {
                Terminal.Out.WriteLine(Terminal.Paint($"  first in {Place(result, note.Place)}", Paint.Faint));
            }
        }

        foreach (GeneralAccess access in found.Take(Accesses))
        {
            string runs = result.Runs.Count > 0 ? $", seen in {access.RunCount} of {result.Runs.Count} runs" : "";
            Terminal.Out.WriteLine(Terminal.Paint(AccessText.WithOutcome(access), Paint.Bold) + string.Create(
                CultureInfo.InvariantCulture, $"  {access.Count:N0} {(access.Count == 1 ? "time" : "times")}{runs}"));
            foreach (GeneralRule rule in access.Rules)
            {
                Terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {access.Names:N0} names are one ({rule.Name}: {rule.Reason})"));
            }

            foreach (SeenAccess seen in access.Members.Take(Members))
            {
                Print(result, access, seen, lines);
            }

            More(access.Members.Count - Members, "  ", "programs or names");
        }

        More(found.Count - Accesses, "", "accesses; name one of them");
    }

    /// <summary>A list: first the notes, each with the field "note", then the accesses.</summary>
    public static void PrintJson(ImportResult result, Explanation explanation)
    {
        IReadOnlyList<GeneralAccess> found = explanation.Accesses;
        EvidenceLines lines = Lines(result, found);
        Terminal.WriteJson(json =>
        {
            json.WriteStartArray();
            foreach (ExplainedNote note in explanation.Notes)
            {
                json.WriteStartObject();
                json.WriteString("note", note.Text);
                if (note.Place.Line > 0)
                {
                    json.WriteString("first", Place(result, note.Place));
                }

                json.WriteEndObject();
            }

            foreach (GeneralAccess access in found)
            {
                json.WriteStartObject();
                AccessJson.Fields(json, access);
                json.WriteStartArray("seen");
                foreach (SeenAccess seen in access.Members)
                {
                    Write(json, result, seen, lines);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private static void Print(ImportResult result, GeneralAccess access, SeenAccess seen, EvidenceLines lines)
    {
        if (access.IsPattern || access.Target != seen.Access.Target)
        {
            Terminal.Out.WriteLine($"  {AccessText.Name(seen.Access.Target)}");
        }

        if (seen.Access.Resolved is { } resolved)
        {
            Terminal.Out.WriteLine($"  links led to {AccessText.Name(resolved)}");
        }

        string by = "  by ";
        foreach (ProcessIdentity process in seen.Access.Chain)
        {
            string arguments = AccessText.Arguments(process.Arguments);
            string user = process.User is { } number ? $", user {UserText.Of(result, number)}" : "";
            Terminal.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{by}{AccessText.Program(process)}{(arguments.Length > 0 ? $"  ({arguments})" : "")}  pid {process.Pid}{user}"));
            by = "    started by ";
        }

        if (seen.Origin.Line > 0)
        {
            string line = lines[seen.Origin] is { } text ? $": {Redaction.Within(SafeText.Of(text, AccessText.Width))}" : "";
            Terminal.Out.WriteLine(Terminal.Paint($"  first in {Place(result, seen.Origin)}{line}", Paint.Faint));
        }
    }

    private static void Write(Utf8JsonWriter json, ImportResult result, SeenAccess seen, EvidenceLines lines)
    {
        json.WriteStartObject();
        json.WriteString("target", AccessText.Name(seen.Access.Target, int.MaxValue));
        json.WriteNumber("count", seen.Count);
        if (seen.Origin.Line > 0)
        {
            json.WriteString("first", Place(result, seen.Origin));
            if (lines[seen.Origin] is { } text)
            {
                json.WriteString("line", Redaction.Within(SafeText.Of(text, 2000)));
            }
        }

        json.WriteStartArray("chain");
        foreach (ProcessIdentity process in seen.Access.Chain)
        {
            json.WriteStartObject();
            json.WriteString("program", AccessText.Program(process));
            json.WriteNumber("pid", process.Pid);
            if (process.User is { } user)
            {
                json.WriteNumber("user", user);
            }

            json.WriteStartArray("argv");
            foreach (Core.Events.HostileText argument in Redaction.Arguments(process.Arguments.Kept))
            {
                json.WriteStringValue(SafeText.Of(argument, 4096));
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static EvidenceLines Lines(ImportResult result, IReadOnlyList<GeneralAccess> found) => Evidence.Lines(
        result, found.Take(Accesses).SelectMany(access => access.Members.Take(Members)));

    private static string Place(ImportResult result, Origin origin) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(origin.Input < result.Inputs.Count ? AccessText.Name(result.Inputs[origin.Input].Name, 80) : "?")}:{origin.Line}");

    private static void More(int count, string indent, string what)
    {
        if (count > 0)
        {
            Terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{indent}… {count:N0} more {what}"));
        }
    }
}
