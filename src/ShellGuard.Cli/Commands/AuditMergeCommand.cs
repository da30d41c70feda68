using System.CommandLine;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Reports;
using ShellGuard.Cli.Support;
using ShellGuard.Linux.Seccomp;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard audit merge -o OUT RUN...</c>.</summary>
internal static class AuditMergeCommand
{
    public static Command Create()
    {
        Argument<string[]> files = new("run") { Arity = ArgumentArity.OneOrMore };
        Option<string> output = new("--output", "-o") { Description = "The audit to make", HelpName = "FILE", Required = true };
        Option<bool> degraded = ConfinedReading.DegradedOption();
        Verb verb = new("merge", "Put audits of several runs together")
        {
            Operands = "RUN...",
            Details =
            [
                "Each access keeps the runs that it was seen in: what only some runs did is where the next run may differ. "
                + "The coverage is that of the runs together.",
            ],
            Examples = [new("shellguard audit merge -o all.audit monday.audit tuesday.audit", "two runs")],
        };
        files.Validators.Add(UnknownOptions.RefuseAll);
        verb.Arguments.Add(files);
        verb.Options.Add(output);
        verb.Options.Add(degraded);
        verb.SetAction(parsed => Run(parsed.GetRequiredValue(files), parsed.GetRequiredValue(output), parsed.GetValue(degraded)));
        return verb;
    }

    private static int Run(string[] files, string output, bool allowDegraded)
    {
        using OpenAudits audits = OpenAudits.Of(files);
        using FileStream evidence = EvidenceFile.Create(output);
        ConfinedReading.Begin(ConfinedReach.Nothing, allowDegraded, evidence);
        ImportResult merged = ConfinedReading.Read(evidence, () => AuditMerge.Of(audits.ToMerge()));
        EvidenceFile.Write(evidence, merged);
        RunsPrinter.Print(merged, output);
        return 0;
    }
}
