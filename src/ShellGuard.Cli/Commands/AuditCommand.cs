using System.CommandLine;
using ShellGuard.Cli.Support;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard audit verify|merge|diff|explain</c>.</summary>
internal static class AuditCommand
{
    public static Command Create()
    {
        Verb verb = new("audit", "Check, merge, compare and ask audits")
        {
            Details = ["An audit is the file that shellguard import -o and shellguard trace -o write."],
            Examples =
            [
                new("shellguard audit verify scan.audit", "whole and untouched?"),
                new("shellguard audit merge -o all.audit monday.audit tuesday.audit", "several runs as one"),
                new("shellguard audit diff released.audit candidate.audit", "does the new version touch more?"),
                new("shellguard audit explain scan.audit /etc/shadow", "who wanted that, and where it stands"),
            ],
        };
        verb.Subcommands.Add(AuditVerifyCommand.Create());
        verb.Subcommands.Add(AuditMergeCommand.Create());
        verb.Subcommands.Add(AuditDiffCommand.Create());
        verb.Subcommands.Add(AuditExplainCommand.Create());
        return verb;
    }
}
