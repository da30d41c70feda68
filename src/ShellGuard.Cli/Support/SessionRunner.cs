using System.CommandLine;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cells.Supervision;
using ShellGuard.Core;
using ShellGuard.Policy.Evaluation;

namespace ShellGuard.Cli.Support;

/// <summary>What <c>run</c> and <c>shell</c> have in common.</summary>
internal static class SessionRunner
{
    private const int MostHidden = 3;

    public static int Run(ParseResult parsed, PolicyOptions options, IReadOnlyList<string> command)
    {
        SecondThread second = GuardedSession.Prepare(Cryptography.EndWithout);
        PolicyResult? policy = Invocation.Load(options.Read(parsed, Invocation.PolicyContext));
        if (policy is null)
        {
            return SessionException.OwnFailure;
        }

        SessionResult result = GuardedSession.Run(
            StrictOption.Apply(
                parsed, CellOption.Apply(parsed, DegradedOption.Apply(parsed, Invocation.Request(policy, command)))),
            second);
        if (result.Problem is not null)
        {
            Terminal.Complain(result.Problem);
        }

        if (!Console.IsErrorRedirected)
        {
            SayWhatIsLeft(result);
        }

        return result.Status;
    }

    /// <summary>To standard error and only where a person reads it: the command's own output stays as it is.</summary>
    private static void SayWhatIsLeft(SessionResult result)
    {
        SessionSummary summary = result.Summary;
        foreach (string problem in summary.Problems)
        {
            Terminal.Complain(problem);
        }

        if (summary.Hidden.Count > 0)
        {
            string more = summary.Hidden.Count > MostHidden ? $" and {summary.Hidden.Count - MostHidden} more" : "";
            Terminal.Error.WriteLine(
                $"shellguard: stays in session {result.Id}, for the policy hides what is there: "
                + string.Join(", ", summary.Hidden.Take(MostHidden).Select(path => SafeText.Escape(path))) + more);
        }

        if (summary.Count == 0)
        {
            return;
        }

        string count = summary.Count switch
        {
            null => "very many changes",
            1 => "1 change",
            { } many => $"{many} changes",
        };
        Terminal.Error.WriteLine($"shellguard: session {result.Id} left {count} to decide on");
        foreach (string line in summary.First)
        {
            Terminal.Error.WriteLine($"  {line}");
        }

        int shown = summary.First.Count(line => line.StartsWith(' '));
        if (summary.Count > shown && shown > 0)
        {
            Terminal.Error.WriteLine($"    ... and {summary.Count - shown} more");
        }

        Terminal.Error.WriteLine(
            "  look: shellguard diff     bring to the host: shellguard commit     throw away: shellguard discard");
    }
}
