using System.Globalization;
using System.Text.Json;
using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Reports;
using ShellGuard.Core;

namespace ShellGuard.Cli.Support;

/// <summary>Prints what one audit has that another one has not.</summary>
internal static class DifferencePrinter
{
    public static void Print(AccessDifference difference, AuditFile first, AuditFile second)
    {
        List<GeneralAccess> added = [.. difference.NewAccesses];
        foreach (GeneralAccess access in added)
        {
            Terminal.Out.WriteLine(Terminal.Paint($"+ {AccessText.WithOutcome(access)}", Paint.Red) + By(access));
        }

        List<GeneralAccess> gone = [.. difference.Gone.Where(access => access.Outcome.Kind != OutcomeKind.Absent)];
        foreach (GeneralAccess access in gone)
        {
            Terminal.Out.WriteLine(Terminal.Paint($"- {AccessText.WithOutcome(access)}", Paint.Faint));
        }

        Terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{added.Count:N0} new, {gone.Count:N0} gone, {difference.Same:N0} the same, {difference.New.Count - added.Count:N0} new probes"));
        Warn(first, "the first");
        Warn(second, "the second");
    }

    public static void PrintJson(AccessDifference difference, AuditFile first, AuditFile second) => Terminal.WriteJson(json =>
    {
        json.WriteStartObject();
        json.WriteString("beforeCoverage", KebabCase.Of(first.Result.Coverage.State.ToString()));
        json.WriteString("afterCoverage", KebabCase.Of(second.Result.Coverage.State.ToString()));
        Write(json, "new", difference.NewAccesses);
        Write(json, "newProbes", difference.New.Where(access => access.Outcome.Kind == OutcomeKind.Absent));
        Write(json, "gone", difference.Gone);
        json.WriteNumber("same", difference.Same);
        json.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<GeneralAccess> accesses)
    {
        json.WriteStartArray(name);
        foreach (GeneralAccess access in accesses)
        {
            AccessJson.Write(json, access);
        }

        json.WriteEndArray();
    }

    private static string By(GeneralAccess access)
    {
        List<string> programs = [.. access.Members.Select(seen => AccessText.ShortProgram(seen.Access.Chain[0])).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)];
        return programs.Count == 0 ? "" : $"  by {string.Join(", ", programs.Take(3))}{(programs.Count > 3 ? ", …" : "")}";
    }

    private static void Warn(AuditFile file, string which)
    {
        if (file.Result.Coverage.State != CoverageState.Complete)
        {
            Terminal.Out.WriteLine(Terminal.Paint(
                $"{which} recording is {KebabCase.Of(file.Result.Coverage.State.ToString())}: there may be more", Paint.Yellow));
        }
    }
}
