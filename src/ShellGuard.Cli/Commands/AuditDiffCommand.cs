using System.CommandLine;
using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Reports;
using ShellGuard.Cli.Support;
using ShellGuard.Linux.Seccomp;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard audit diff A B</c>.</summary>
internal static class AuditDiffCommand
{
    public static Command Create()
    {
        Argument<string> before = new("before");
        Argument<string> after = new("after");
        Option<bool> json = new("--json") { Description = "Print JSON" };
        GeneralOption general = new();
        Option<bool> degraded = ConfinedReading.DegradedOption();
        Verb verb = new("diff", "Say what one audit has that another one has not")
        {
            Operands = "BEFORE AFTER",
            Details =
            [
                "For tests of new versions: exit status 1 when AFTER accesses what BEFORE did not. Names that differ from run "
                + "to run (temporary files, process numbers, versions of libraries) are no difference, and looking for what is "
                + "not there is no access. What is gone is listed and changes nothing.",
                "Exit status 2 when one of them is no proof, because nothing could be learnt from its recording.",
            ],
            Examples =
            [
                new("shellguard audit diff released.audit candidate.audit", "new accesses, and status 1 where there are some"),
                new("shellguard audit diff --json a.audit b.audit", "for a program"),
            ],
        };
        verb.Arguments.Add(before);
        verb.Arguments.Add(after);
        verb.Options.Add(json);
        verb.Options.Add(degraded);
        general.AddTo(verb);
        verb.SetAction(parsed =>
        {
            _ = general.Host(parsed); // nothing in --root is looked at here, and yet it has to be there
            using OpenAudits audits = OpenAudits.Of(parsed.GetRequiredValue(before), parsed.GetRequiredValue(after));
            using PackageLists packages = general.OpenPackages(parsed);
            ConfinedReading.Begin(ConfinedReach.Nothing, parsed.GetValue(degraded));
            List<NamedAudit> both = audits.Named();
            AuditFile first = both[0].File, second = both[1].File;
            AccessDifference difference = AccessDifference.Between(
                first.Result, second.Result, general.Read(parsed, packages, first.Result, second.Result));
            if (parsed.GetValue(json))
            {
                DifferencePrinter.PrintJson(difference, first, second);
            }
            else
            {
                DifferencePrinter.Print(difference, first, second);
            }

            return first.Result.Coverage.State == CoverageState.Failed || second.Result.Coverage.State == CoverageState.Failed ? 2
                : difference.NewAccesses.Any() ? 1
                : 0;
        });
        return verb;
    }
}
