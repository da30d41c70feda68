using System.CommandLine;
using ShellGuard.Audit.Reports;
using ShellGuard.Cli.Support;
using ShellGuard.Linux.Seccomp;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard audit verify FILE...</c>.</summary>
internal static class AuditVerifyCommand
{
    public static Command Create()
    {
        Argument<string[]> files = new("file") { Arity = ArgumentArity.OneOrMore };
        Option<bool> json = new("--json") { Description = "Print JSON" };
        Option<bool> degraded = ConfinedReading.DegradedOption();
        Verb verb = new("verify", "Say whether audits are whole and untouched")
        {
            Operands = "FILE...",
            Details =
            [
                "Reads every line strictly, compares the hash at the end, and compares what the audit was made from where "
                + "that is still there: its recordings, and of a merge the audits of the runs. What is not there is said. Whoever can change an audit can also write another one with a good "
                + "hash: keep the hash elsewhere, or sign the file.",
                "Exit status: 1 when a file is not whole, was changed, or something that it was made from is another one now.",
            ],
            Examples = [new("shellguard audit verify scan.audit", "one file")],
        };
        files.Validators.Add(UnknownOptions.RefuseAll);
        verb.Arguments.Add(files);
        verb.Options.Add(json);
        verb.Options.Add(degraded);
        verb.SetAction(parsed =>
        {
            using OpenAudits audits = OpenAudits.Of(parsed.GetRequiredValue(files));
            ConfinedReading.Begin(ConfinedReach.Read, parsed.GetValue(degraded));
            List<AuditCheck> checks = audits.Checked();
            if (parsed.GetValue(json))
            {
                AuditCheckPrinter.PrintJson(checks);
            }
            else
            {
                checks.ForEach(AuditCheckPrinter.Print);
            }

            return checks.TrueForAll(check => check.IsGood) ? 0 : 1;
        });
        return verb;
    }
}
