using System.CommandLine;
using ShellGuard.Cli.Support;
using ShellGuard.Core;
using ShellGuard.Leash.Configuration;
using ShellGuard.Leash.Lint;
using ShellGuard.Policy.Diagnostics;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard leash lint</c>.</summary>
internal static class LeashLintCommand
{
    public static Command Create()
    {
        LeashOptions options = new();
        Option<bool> json = new("--json") { Description = "Print JSON" };
        Option<string> level = new("--level")
        {
            Description = "Exit with 1 from this level on: note, warning or error",
            HelpName = "LEVEL",
            DefaultValueFactory = _ => "error",
        };
        level.AcceptOnlyFromAmong("note", "warning", "error");
        Verb verb = new("lint", "Say what the pipelines of a configuration give away")
        {
            Details =
            [
                "Programs that give a shell (E1), start pagers (E2), listen to variables (E3), read configuration where they "
                + "run (E4), read or write what others choose (E5, E7), take input as code (E6), find helpers by name (E8); "
                + "whose the files are; missing hashes; names that look alike.",
            ],
            Examples = [new("shellguard leash lint --config ops.toml --level warning", "for CI")],
        };
        options.AddTo(verb);
        verb.Options.Add(json);
        verb.Options.Add(level);
        verb.SetAction(parsed =>
        {
            LeashConfiguration configuration = options.Read(parsed);
            IReadOnlyList<LintFinding> findings = LeashLint.Check(configuration);
            if (parsed.GetValue(json))
            {
                PrintJson(findings);
            }
            else
            {
                Dictionary<string, string> sources = new() { [configuration.File] = File.ReadAllText(configuration.File) };
                Terminal.Out.Write(DiagnosticRenderer.Render(findings.Select(finding => finding.Diagnostic), sources));
                Terminal.Out.WriteLine(
                    $"{SafeText.Escape(configuration.File)}: "
                    + (findings.Count == 0 ? "nothing found" : findings.Count == 1 ? "1 finding" : $"{findings.Count} findings"));
            }

            Severity least = parsed.GetValue(level) switch
            {
                "note" => Severity.Information,
                "warning" => Severity.Warning,
                _ => Severity.Error,
            };
            return findings.Any(finding => finding.Diagnostic.Severity >= least) ? 1 : 0;
        });
        return verb;
    }

    private static void PrintJson(IReadOnlyList<LintFinding> findings) => Terminal.WriteJson(writer =>
    {
        writer.WriteStartArray();
        foreach (LintFinding finding in findings)
        {
            writer.WriteStartObject();
            writer.WriteString("class", finding.Class.ToString());
            writer.WriteString("level", finding.Diagnostic.Severity switch
            {
                Severity.Information => "note",
                Severity.Warning => "warning",
                _ => "error",
            });
            writer.WriteString("entry", finding.Entry);
            writer.WriteString("file", finding.Diagnostic.File);
            writer.WriteNumber("line", finding.Diagnostic.Line);
            writer.WriteString("message", finding.Diagnostic.Message);
            if (finding.Diagnostic.Suggestion is { } wayOn)
            {
                writer.WriteString("wayOn", wayOn);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });
}
