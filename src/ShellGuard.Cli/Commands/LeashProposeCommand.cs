using System.CommandLine;
using ShellGuard.Audit.Reports;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cli.Support;
using ShellGuard.Core;
using ShellGuard.Leash.Proposals;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard leash propose</c>.</summary>
internal static class LeashProposeCommand
{
    private const int NothingToPropose = 1;

    public static Command Create()
    {
        Argument<string> file = new("auditfile") { Description = "What shellguard import -o wrote; - for standard input" };
        Verb verb = new("propose", "Make a configuration of the commands that an access audit shows")
        {
            Operands = "AUDITFILE",
            Details =
            [
                "Each command that was started becomes a pipeline with its whole path, its hash on this host, how often, where "
                + "first and by whom it was started, and without what its program was not seen to need. What would give more "
                + "than it says (classes E1 to E8 of lint) is left out, and said with the reason. The result is a "
                + "configuration. What was joined by a pipe is not in a recording: join it by hand.",
                "Exit status: 0, or 1 when nothing could be proposed.",
            ],
            Examples = [new("shellguard leash propose nightly.audit", "commands of a recorded night")],
        };
        verb.Arguments.Add(file);
        verb.SetAction(parsed => Run(parsed.GetRequiredValue(file)));
        return verb;
    }

    /// <summary>Prints the configuration.</summary>
    public static int Run(string file)
    {
        AuditFile audit = Open(file);
        Proposal proposal = Proposal.Make(ObservedCommands.Of(audit.Result), file == "-" ? "standard input" : file);
        Terminal.Out.Write(proposal.Text);
        Terminal.Out.Flush();
        if (proposal.Entries == 0)
        {
            Terminal.Complain($"{SafeText.Escape(file)}: nothing to propose; {proposal.Out.Count} left out");
        }

        return proposal.Entries > 0 ? 0 : NothingToPropose;
    }

    private static AuditFile Open(string path)
    {
        try
        {
            using Stream file = path == "-"
                ? new StandardStream(0, mayFail: true)
                : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            AuditFileResult result = AuditFileReader.Read(file);
            return result.File
                ?? throw new SessionException(
                    $"{path}:{result.Problems[0].Line}: {SafeText.Message(result.Problems[0].Text)}", SessionException.OwnFailure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SessionException($"{path} cannot be read: {failure.Message.TrimEnd('.')}");
        }
    }
}
