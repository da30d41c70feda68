using System.CommandLine;
using ShellGuard.Cells.Sessions;
using ShellGuard.Policy.Evaluation;

namespace ShellGuard.Cli.Support;

/// <summary>What <c>run</c> and <c>shell</c> have in common.</summary>
internal static class SessionRunner
{
    public static int Run(ParseResult parsed, PolicyOptions options, IReadOnlyList<string> command)
    {
        PolicyResult? policy = Invocation.Load(options.Read(parsed, Invocation.PolicyContext));
        if (policy is null)
        {
            return SessionException.OwnFailure;
        }

        SessionResult result = GuardedSession.Run(
            DegradedOption.Apply(parsed, Invocation.Request(policy, command)));
        if (result.Problem is not null)
        {
            Console.Error.WriteLine($"shellguard: {result.Problem}");
        }

        return result.Status;
    }
}
