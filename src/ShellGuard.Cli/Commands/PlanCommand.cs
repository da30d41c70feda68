using System.CommandLine;
using ShellGuard.Cells.Planning;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cli.Support;
using ShellGuard.Linux.Seccomp;
using ShellGuard.Policy.Evaluation;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard plan</c>: everything that a run would do, without doing it.</summary>
internal static class PlanCommand
{
    public static Command Create()
    {
        PolicyOptions policy = new();
        Argument<string[]> words = new("command") { Arity = ArgumentArity.ZeroOrMore };
        Option<bool> filter = new("--filter") { Description = "Print the system-call table and the compiled filter" };
        Option<bool> script = new("--script") { Description = "Print the launch: every system call between clone and exec" };
        Option<bool> json = new("--json") { Description = "Print JSON; --filter and --script add their parts" };
        words.Validators.Add(UnknownOptions.Refuse);
        Verb verb = new("plan", "Print which mechanism would hold each rule, without running anything")
        {
            Operands = "[[--] COMMAND [ARGUMENT...]]",
            RunsCommand = true,
            Details = ["Without COMMAND it plans /bin/sh."],
            Examples =
            [
                new("shellguard plan -- make", "rules and what holds them"),
                new("shellguard plan --script -- true", "the launch, call by call"),
                new("shellguard plan --json --policy dead -- true", "for programs"),
            ],
        };
        policy.AddTo(verb);
        verb.Options.Add(filter);
        verb.Options.Add(script);
        verb.Options.Add(json);
        verb.Arguments.Add(words);
        verb.SetAction(parsed =>
        {
            PolicyResult? loaded = Invocation.Load(policy.Read(parsed, Invocation.PolicyContext));
            if (loaded is null)
            {
                return SessionException.OwnFailure;
            }

            IReadOnlyList<string> command = parsed.GetValue(words) is { Length: > 0 } given ? given : ["/bin/sh"];
            CellPlan plan = GuardedSession.Plan(Invocation.Request(loaded, command));
            SystemCallTable table = CellPlanner.TableOf(loaded.Policy!);
            PlanPrinter printer = new(plan, PlanReport.Of(plan, loaded.Policy!, table), table);
            if (parsed.GetValue(json))
            {
                printer.PrintJson(parsed.GetValue(filter), parsed.GetValue(script));
            }
            else if (parsed.GetValue(filter) || parsed.GetValue(script))
            {
                printer.PrintParts(parsed.GetValue(filter), parsed.GetValue(script));
            }
            else
            {
                printer.Print();
            }

            return 0;
        });
        return verb;
    }
}
