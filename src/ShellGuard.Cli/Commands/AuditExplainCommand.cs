using System.CommandLine;
using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Reports;
using ShellGuard.Audit.Reports.Explaining;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cli.Support;
using ShellGuard.Core;
using ShellGuard.Linux.Seccomp;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard audit explain FILE OBJECT</c>.</summary>
internal static class AuditExplainCommand
{
    public static Command Create()
    {
        Argument<string> file = new("file");
        Argument<string> wanted = new("object");
        Option<bool> json = new("--json") { Description = "Print JSON" };
        GeneralOption general = new();
        Option<bool> degraded = ConfinedReading.DegradedOption();
        Verb verb = new("explain", "Say who did something to an object or why a rule is there, and where that stands")
        {
            Operands = "FILE OBJECT",
            Details =
            [
                "OBJECT is whatever an audit, a report, a policy or an export names: a path, a directory (what was done to it, "
                + "then what was done beneath it), a pattern, an endpoint, an address, a port, a name of a host, a capability with "
                + "or without CAP_, a group, a system call, a family of sockets, a variable. The answer goes from each access to "
                + "the process, its arguments and its ancestors, and to the first line of the recording, with its text where the "
                + "recording is still there and the same. Exit status 1 when nothing is about OBJECT.",
            ],
            Examples =
            [
                new("shellguard audit explain scan.audit /etc/shadow", "who wanted that"),
                new("shellguard audit explain scan.audit 192.0.2.1:443/tcp", "a connection"),
                new("shellguard audit explain scan.audit '/tmp/lynis.*'", "a pattern"),
                new("shellguard audit explain scan.audit CAP_NET_BIND_SERVICE", "a privilege"),
                new("shellguard audit explain scan.audit mount", "a system call"),
            ],
        };
        verb.Arguments.Add(file);
        verb.Arguments.Add(wanted);
        verb.Options.Add(json);
        verb.Options.Add(degraded);
        general.AddTo(verb);
        verb.SetAction(parsed =>
        {
            if (parsed.GetRequiredValue(wanted) is not { Length: > 0 } name)
            {
                throw new SessionException("OBJECT is empty");
            }

            using OpenAudits audits = OpenAudits.Of(parsed.GetRequiredValue(file));
            using PackageLists packages = general.OpenPackages(parsed);
            HostLook host = general.Host(parsed, HostGroups.Load());
            ConfinedReading.Begin(ConfinedReach.Read, parsed.GetValue(degraded));
            AuditFile audit = audits.Single();
            AccessProfile profile = ProfileBuilder.Build(audit.Result, general.Read(parsed, packages, audit.Result), host);
            GeneralOption.Warn(profile);
            Explanation found = Explainer.Of(profile, host, name);
            if (parsed.GetValue(json))
            {
                EvidencePrinter.PrintJson(audit.Result, found);
            }
            else if (found.IsEmpty)
            {
                Terminal.Complain($"nothing in the audit is about {SafeText.Of(name)}");
            }
            else
            {
                EvidencePrinter.Print(audit.Result, found);
            }

            return found.IsEmpty ? 1 : 0;
        });
        return verb;
    }
}
