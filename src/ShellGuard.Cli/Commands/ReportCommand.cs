using System.CommandLine;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Reports.Document;
using ShellGuard.Audit.Reports.Findings;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cli.Support;
using ShellGuard.Linux.Seccomp;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard report AUDIT...</c>.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        Argument<string[]> files = new("audit") { Arity = ArgumentArity.OneOrMore };
        Option<string?> output = new("--output", "-o") { Description = "Write it there, by the ending as .html, .md or .json; never over another file", HelpName = "FILE" };
        Option<bool> degraded = ConfinedReading.DegradedOption();
        GeneralOption general = new();
        Verb verb = new("report", "Tell people what a command touched")
        {
            Operands = "AUDIT...",
            Details =
            [
                "A verdict on one page, then what was changed, where it connected, what it executed, processes as a tree, "
                + "privileges, what needs root and how to do without, files by sensitivity, directory and Debian package, and "
                + "the evidence. HTML is one file without script, for the screen and for paper; Markdown and JSON have the "
                + "same. Several audits are merged. Without -o Markdown is printed. The same audits give the same report.",
            ],
            Examples =
            [
                new("shellguard report -o scan.html scan.audit", "for people"),
                new("shellguard report -o scan.json monday.audit tuesday.audit", "of two runs, for programs"),
            ],
        };
        files.Validators.Add(UnknownOptions.RefuseAll);
        verb.Arguments.Add(files);
        verb.Options.Add(output);
        verb.Options.Add(degraded);
        general.AddTo(verb);
        verb.SetAction(parsed =>
        {
            string? path = parsed.GetValue(output);
            string form = path is null ? ".md" : Path.GetExtension(path);
            if (form is not (".html" or ".md" or ".json"))
            {
                throw new SessionException($"{path} ends in none of .html, .md and .json");
            }

            using OpenAudits audits = OpenAudits.Of(parsed.GetRequiredValue(files));
            using PackageLists packages = general.OpenPackages(parsed);
            using FileStream? file = path is null ? null : EvidenceFile.Create(path);
            HostLook host = general.Host(parsed, HostGroups.Load());
            ConfinedReading.Begin(ConfinedReach.Look, parsed.GetValue(degraded), file);
            ImportResult result = ConfinedReading.Read(file, audits.Merged);
            TextOutput.Write(file, Text(form, result, host, packages, general.Read(parsed, packages, result)));
            return 0;
        });
        return verb;
    }

    private static string Text(string form, ImportResult result, HostLook host, PackageLists packages, GeneralOptions options)
    {
        AccessProfile profile = ProfileBuilder.Build(result, options, host);
        GeneralOption.Warn(profile);
        ReportDocument report = ReportBuilder.Build(
            profile, packages.Owners(result.Accesses.Select(seen => seen.Access.Target).Where(target => target.StartsWith('/'))), form == ".json" ? int.MaxValue : 200, host);
        return form switch
        {
            ".html" => HtmlReport.Write(report),
            ".json" => JsonReport.Write(report),
            _ => MarkdownReport.Write(report),
        };
    }
}
