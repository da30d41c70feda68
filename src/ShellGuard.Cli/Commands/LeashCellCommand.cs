using System.CommandLine;
using System.Globalization;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cells.Supervision;
using ShellGuard.Cli.Support;
using ShellGuard.Leash.Execution;
using ShellGuard.Policy.Evaluation;

namespace ShellGuard.Cli.Commands;

/// <summary>What a leash starts to run a pipeline in a cell: the files come as open descriptors, which only a leash makes.
/// Hidden; whoever calls it by hand gets what <c>shellguard run</c> gives.</summary>
internal static class LeashCellCommand
{
    public static Command Create()
    {
        PolicyOptions policy = new();
        Argument<string[]> words = new("stages") { Arity = ArgumentArity.OneOrMore };
        Command verb = new(CellHandOver.Verb, "Run the open files of a leash in a cell") { Hidden = true };
        policy.AddPolicyTo(verb);
        verb.Options.Add(CellOption.Create());
        verb.Arguments.Add(words);
        verb.SetAction(parsed => Run(parsed, policy, parsed.GetRequiredValue(words)));
        return verb;
    }

    private static int Run(ParseResult parsed, PolicyOptions options, string[] words)
    {
        using CellHandOver handed = CellHandOver.Take(words)
            ?? throw new SessionException($"{CellHandOver.Verb} is started by shellguard leash, with the files of a pipeline open");
        SecondThread second = GuardedSession.Prepare(Cryptography.EndWithout);
        PolicyResult? policy = Invocation.Load(options.Read(parsed, Invocation.PolicyContext));
        if (policy is null)
        {
            return SessionException.OwnFailure;
        }

        SessionRequest request = CellOption.Apply(parsed, Invocation.Request(policy, handed.Words));
        SessionResult result = GuardedSession.Run(request with { Pipeline = handed.Stages }, second);
        if (result.Problem is not null)
        {
            Terminal.Complain(result.Problem);
        }
        else
        {
            handed.Report(result.Stages);
        }

        if (result.Summary.Count is not 0 && !Console.IsErrorRedirected)
        {
            string count = result.Summary.Count?.ToString(CultureInfo.InvariantCulture) ?? "very many";
            Terminal.Complain($"what changed stays in session {result.Id}: {count}");
        }

        return result.Status;
    }
}
