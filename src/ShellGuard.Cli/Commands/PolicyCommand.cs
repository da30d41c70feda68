using System.CommandLine;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cli.Support;
using ShellGuard.Core;
using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Lint;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard policy check|show|schema|explain</c>.</summary>
internal static class PolicyCommand
{
    public static Command Create()
    {
        Verb verb = new("policy", "Check, show and ask a policy")
        {
            Examples =
            [
                new("shellguard policy check team.toml", "every mistake, and rights that amount to an escape"),
                new("shellguard policy show", "the rules in force, and where each came from"),
                new("shellguard policy explain --write ~/.bashrc", "what would happen, and by which line"),
            ],
        };
        verb.Subcommands.Add(Check());
        verb.Subcommands.Add(Show());
        verb.Subcommands.Add(Explain());
        verb.Subcommands.Add(Schema());
        return verb;
    }

    private static Verb Check()
    {
        Argument<string[]> files = new("file") { Arity = ArgumentArity.ZeroOrMore };
        Option<bool> json = new("--json") { Description = "Print JSON" };
        Verb verb = new("check", "Report every mistake of policies at once")
        {
            Operands = "[FILE...]",
            Details =
            [
                "Mistakes, rules that contradict each other or are never reached, and rights that amount to an escape "
                + "from the cell. Without FILE your own policy. Exit status 1 when there is an error or an escape.",
            ],
            Examples = [new("shellguard policy check a.toml b.toml", "two policies")],
        };
        files.Validators.Add(UnknownOptions.RefuseAll);
        verb.Arguments.Add(files);
        verb.Options.Add(json);
        verb.SetAction(parsed =>
        {
            PolicyContext context = Invocation.PolicyContext;
            string[] given = parsed.GetValue(files) is { Length: > 0 } some ? some : [UserPolicy.DefaultFor(context)];
            List<Diagnostic> all = [];
            foreach (string file in given)
            {
                (PolicyResult result, IReadOnlyList<Diagnostic> findings) =
                    PolicyLint.LoadAndCheck(new PolicyRequest(file, [], context), new PolicyFiles());
                all.AddRange(findings);
                if (!parsed.GetValue(json))
                {
                    Terminal.Out.Write(DiagnosticRenderer.Render(findings, result.Sources));
                    Terminal.Out.WriteLine(findings.Count == 0
                        ? $"{SafeText.Message(file)}: good"
                        : $"{SafeText.Message(file)}: {findings.Count} {(findings.Count == 1 ? "finding" : "findings")}");
                }
            }

            if (parsed.GetValue(json))
            {
                PolicyPrinter.PrintJson(all);
            }

            return all.Exists(finding => finding.Severity >= Severity.Danger) ? 1 : 0;
        });
        return verb;
    }

    private static Verb Show()
    {
        PolicyOptions policy = new();
        Option<bool> json = new("--json") { Description = "Print JSON" };
        Verb verb = new("show", "Print the rules in force with where each came from")
        {
            Examples = [new("shellguard policy show --policy agent --net github.com:443", "preset and flags together")],
        };
        policy.AddTo(verb);
        verb.Options.Add(json);
        verb.SetAction(parsed =>
        {
            if (Invocation.Load(policy.Read(parsed, Invocation.PolicyContext))?.Policy is not { } loaded)
            {
                return SessionException.OwnFailure;
            }

            if (parsed.GetValue(json))
            {
                PolicyPrinter.PrintJson(loaded);
            }
            else
            {
                PolicyPrinter.Print(loaded);
            }

            return 0;
        });
        return verb;
    }

    private static Verb Schema()
    {
        Verb verb = new("schema", "Print the JSON Schema of the policy language, for editors")
        {
            Examples = [new("shellguard policy schema > policy.schema.json", "for an editor's TOML support")],
        };
        verb.SetAction(_ => Terminal.Out.Write(PolicySchema.Write()));
        return verb;
    }

    private static Verb Explain()
    {
        PolicyOptions policy = new();
        Option<string[]> read = new("--read") { Description = "Would this path be readable?", HelpName = "PATH" };
        Option<string[]> write = new("--write") { Description = "Where would a change of this path go?", HelpName = "PATH" };
        Option<string[]> exec = new("--exec") { Description = "Could this program be run?", HelpName = "PATH" };
        Option<string[]> endpoint = new("--net") { Description = "Could this endpoint be reached?", HelpName = "HOST:PORT" };
        Option<bool> json = new("--json") { Description = "Print JSON" };
        Verb verb = new("explain", "Say what would happen, and by which line")
        {
            Details =
            [
                "For a symbolic link both the link and what it leads to are answered. --net asks here, it adds no rule.",
            ],
            Examples =
            [
                new("shellguard policy explain --read ~/.ssh/id_rsa", "and why"),
                new("shellguard policy explain --net github.com:443", "an endpoint"),
                new("shellguard policy explain --policy agent --write .", "under a preset"),
            ],
        };
        policy.AddPolicyTo(verb);
        verb.Options.Add(read);
        verb.Options.Add(write);
        verb.Options.Add(endpoint);
        verb.Options.Add(exec);
        verb.Options.Add(json);
        verb.SetAction(parsed =>
        {
            if (Invocation.Load(policy.Read(parsed, Invocation.PolicyContext))?.Policy is not { } loaded)
            {
                return SessionException.OwnFailure;
            }

            PolicyQuestions questions = new(loaded);
            List<PolicyAnswer> answers =
            [
                .. (parsed.GetValue(read) ?? []).SelectMany(path => questions.About(path, Operation.Read)),
                .. (parsed.GetValue(write) ?? []).SelectMany(path => questions.About(path, Operation.Write)),
                .. (parsed.GetValue(exec) ?? []).SelectMany(path => questions.About(path, Operation.Execute)),
                .. (parsed.GetValue(endpoint) ?? []).Select(questions.About),
            ];
            if (answers.Count == 0)
            {
                throw new SessionException("policy explain needs a question: --read PATH, --write PATH, --exec PATH or --net HOST:PORT");
            }

            PolicyPrinter.Print(answers, parsed.GetValue(json));
            return 0;
        });
        return verb;
    }
}
