using System.CommandLine;
using ShellGuard.Audit.Export;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Profiles;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cli.Support;
using ShellGuard.Policy.Diagnostics;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard learn AUDIT</c>.</summary>
internal static class LearnCommand
{
    public static Command Create()
    {
        Argument<string> file = new("audit");
        Option<string?> output = new("--output", "-o") { Description = "Write the policy there, never over another file", HelpName = "FILE" };
        Option<bool> direct = new("--direct") { Description = "Changes go to the host at once, not to the session's layer" };
        GeneralOption general = new();
        Verb verb = new("learn", "Derive the policy with the least privilege from an audit")
        {
            Operands = "AUDIT",
            Details =
            [
                "Grants what was seen to succeed and nothing else: no probes, no denials, no tree with credentials in it, no "
                + "socket that leads out. Each rule has its evidence as a comment. What only root could have is listed with "
                + "the ways to have it otherwise: a group, a file ACL, one capability, one helper command, or what is lost "
                + "without it. What policy check would say is said at once.",
                "Then try it: shellguard verify POLICY -- COMMAND.",
            ],
            Examples =
            [
                new("shellguard learn scan.audit", "to look at"),
                new("shellguard learn -o scan.toml all.audit", "of several runs, to a file"),
            ],
        };
        verb.Arguments.Add(file);
        verb.Options.Add(output);
        verb.Options.Add(direct);
        general.AddTo(verb);
        verb.SetAction(parsed =>
        {
            ImportResult audit = AuditFiles.Open(parsed.GetRequiredValue(file)).Result;
            HostLook host = general.Host(parsed);
            AccessProfile profile = ProfileBuilder.Build(audit, general.Read(parsed, audit), host);
            string text = new PolicyExporter(host).Write(profile, new ExportOptions { Direct = parsed.GetValue(direct) });
            string? path = parsed.GetValue(output);
            (var result, IReadOnlyList<Diagnostic> findings) = LearntPolicy.Check(text, path ?? "./learnt.toml", Invocation.PolicyContext);
            Terminal.Out.Flush();
            Terminal.Error.Write(DiagnosticRenderer.Render(findings, result.Sources));
            if (result.Policy is null)
            {
                throw new SessionException("the derived policy has mistakes, which should not happen; nothing was written");
            }

            TextOutput.Write(path, text);
            return 0;
        });
        return verb;
    }
}
