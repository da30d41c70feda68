using System.CommandLine;
using ShellGuard.Audit.Export;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Profiles;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cli.Support;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Seccomp;
using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Evaluation;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard learn AUDIT</c>.</summary>
internal static class LearnCommand
{
    public static Command Create()
    {
        Argument<string> file = new("audit");
        Option<string?> output = new("--output", "-o") { Description = "Write the policy there, never over another file", HelpName = "FILE" };
        Option<bool> direct = new("--direct") { Description = "Changes go to the host at once, not to the session's layer" };
        Option<bool> prove = new("--prove") { Description = "Run COMMAND without each capability that is proposed, and say what differs; for root" };
        Option<string?> user = new("--user") { Description = "The ordinary user that --prove runs it as", HelpName = "NAME" };
        Argument<string[]> words = new("command") { Arity = ArgumentArity.ZeroOrMore };
        words.Validators.Add(UnknownOptions.Refuse);
        GeneralOption general = new();
        Option<bool> degraded = ConfinedReading.DegradedOption();
        Verb verb = new("learn", "Derive the policy with the least privilege from an audit")
        {
            Operands = "AUDIT [--prove --user NAME -- COMMAND [ARGUMENT...]]",
            RunsCommand = true,
            OperandsBeforeCommand = 1,
            Details =
            [
                "Grants what was seen to succeed and nothing else: no probes, no denials, no tree with credentials in it, no "
                + "socket that leads out. Each rule has its evidence as a comment. What only root could have is listed with "
                + "the ways to have it otherwise: a group, a file ACL, one capability, one helper command, or what is lost "
                + "without it. What policy check would say is said at once.",
                "--prove runs COMMAND as root, then as the user with all proposed capabilities (twice), then without each, each "
                + "time in a copy of the host's files that is thrown away. What it sends, and what services do for it, happens "
                + "each time. What it shows stands with the capabilities.",
                "Then try it: shellguard verify POLICY -- COMMAND.",
            ],
            Examples =
            [
                new("shellguard learn scan.audit", "to look at"),
                new("shellguard learn -o scan.toml all.audit", "of several runs, to a file"),
                new("shellguard learn --prove --user scanner -o scan.toml scan.audit -- ./scan", "with the proof for each capability"),
            ],
        };
        verb.Arguments.Add(file);
        verb.Options.Add(output);
        verb.Options.Add(direct);
        verb.Options.Add(prove);
        verb.Options.Add(user);
        verb.Options.Add(degraded);
        general.AddTo(verb);
        verb.Arguments.Add(words);
        verb.SetAction(parsed =>
        {
            CapabilityProof? proof = parsed.GetValue(prove) ? Prover(parsed.GetValue(words) ?? [], parsed.GetValue(user))
                : parsed.GetValue(words) is { Length: > 0 } || parsed.GetValue(user) is not null
                    ? throw new SessionException("a command and --user are for --prove")
                : null;
            string? path = parsed.GetValue(output);
            using OpenAudits audits = OpenAudits.Of(parsed.GetRequiredValue(file));
            using PackageLists packages = general.OpenPackages(parsed);
            using FileStream? written = path is null ? null : EvidenceFile.Create(path);
            HostLook host = general.Host(parsed, HostGroups.Load());
            PolicyContext context = Invocation.PolicyContext;
            if (proof is null)
            {
                // Who runs commands cannot give that up.
                ConfinedReading.Begin(ConfinedReach.Look, parsed.GetValue(degraded), written);
            }

            ImportResult audit = ConfinedReading.Read(written, () => audits.Single().Result);
            AccessProfile profile = ProfileBuilder.Build(audit, general.Read(parsed, packages, audit), host);
            GeneralOption.Warn(profile);
            profile = proof?.Add(profile) ?? profile;
            string text = new PolicyExporter(host).Write(profile, new ExportOptions { Direct = parsed.GetValue(direct) });
            (var result, IReadOnlyList<Diagnostic> findings) = LearntPolicy.Check(text, path ?? "./learnt.toml", context);
            Terminal.Out.Flush();
            Terminal.Error.Write(DiagnosticRenderer.Render(findings, result.Sources));
            if (result.Policy is null)
            {
                throw new SessionException("the derived policy has mistakes, which should not happen; it is not written");
            }

            TextOutput.Write(written, text);
            return 0;
        });
        return verb;
    }

    private static CapabilityProof Prover(string[] command, string? user) =>
        Invocation.User.Uid != 0 ? throw new SessionException("only root can give a command some capabilities; run this as root")
        : command.Length == 0 ? throw new SessionException("--prove needs the COMMAND behind --; one from an audit is not run unasked")
        : user is null ? throw new SessionException("--prove needs --user NAME, the ordinary user to run it as")
        : Accounts.Find(user) is not { } account ? throw new SessionException($"there is no user '{user}'")
        : account.Uid == 0 ? throw new SessionException("root needs no capability; name an ordinary user")
        : new CapabilityProof(command, account);
}
