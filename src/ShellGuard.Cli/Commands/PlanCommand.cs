using System.CommandLine;
using ShellGuard.Cells.Launching;
using ShellGuard.Cells.Limiting;
using ShellGuard.Cells.Planning;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cli.Support;
using ShellGuard.Linux.Launch;
using ShellGuard.Linux.Seccomp;
using ShellGuard.Policy.Evaluation;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard plan</c>: everything that a run would do, without doing it.</summary>
internal static class PlanCommand
{
    public static Command Create()
    {
        Command command = new("plan", "Print what a run would do, and which mechanism holds each rule, without running it");
        PolicyOptions policy = new();
        Argument<string[]> words = new("command") { Arity = ArgumentArity.ZeroOrMore };
        Option<bool> filter = new("--filter") { Description = "Print the system-call filter" };
        words.Validators.Add(UnknownOptions.Refuse);
        policy.AddTo(command);
        command.Options.Add(filter);
        command.Arguments.Add(words);
        command.SetAction(result => Print(
            Invocation.Load(policy.Read(result, Invocation.PolicyContext)),
            result.GetValue(words) is { Length: > 0 } given ? given : ["/bin/sh"],
            result.GetValue(filter)));
        return command;
    }

    private static int Print(PolicyResult? policy, IReadOnlyList<string> command, bool filter)
    {
        if (policy is null)
        {
            return SessionException.OwnFailure;
        }

        if (filter)
        {
            SystemCallTable table = SystemCallTable.For(CellPlanner.Filter);
            Console.Write(FilterPrinter.PrintTable(table));
            Console.Write(FilterPrinter.PrintProgram(FilterCompiler.Compile(table)));
            return 0;
        }

        CellPlan plan = GuardedSession.Plan(Invocation.Request(policy, command));
        foreach (string note in plan.View.Notes)
        {
            Console.WriteLine($"note: {note}");
        }

        foreach (HeldLimit limit in plan.LimitPlan.Limits)
        {
            Console.WriteLine($"limit: {limit}");
        }

        foreach (LaunchStep step in LaunchBuilder.Build(plan, new LaunchDescriptors(3, 4)).Steps)
        {
            Console.WriteLine(step);
        }

        return 0;
    }
}
