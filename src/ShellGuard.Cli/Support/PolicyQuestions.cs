using ShellGuard.Cells.Planning;
using ShellGuard.Cells.Sessions;
using ShellGuard.Core;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cli.Support;

/// <summary>Asks a policy about the paths and endpoints of a command line.</summary>
internal sealed class PolicyQuestions(EffectivePolicy policy)
{
    private readonly HostFiles _host = new();

    /// <summary>One answer; for a link on the host another one about what it leads to, which is what counts.</summary>
    public IEnumerable<PolicyAnswer> About(string path, Operation operation)
    {
        string resolved = operation == Operation.Execute && !path.Contains('/', StringComparison.Ordinal)
            ? SessionArguments.Resolve(ProgramSearch.Find(path))
            : SessionArguments.Resolve(path);
        string question = operation.ToString().ToLowerInvariant();
        yield return new PolicyAnswer(question, resolved, policy.Explain(resolved, operation), NoteOn(resolved));
        if (_host.RealPath(resolved) is { } real && real != resolved)
        {
            yield return new PolicyAnswer(question, real, policy.Explain(real, operation));
        }
    }

    /// <summary>A rule says what holds for a name, and the name may have nothing on this host.</summary>
    private string? NoteOn(string path)
    {
        if (_host.KindOf(path) != HostFileKind.Missing)
        {
            return null;
        }

        PathDecision above = PathDecision.Of(policy.Paths, Path.GetDirectoryName(path) ?? "/");
        return PathDecision.Of(policy.Paths, path).Mode is PathMode.Hidden && above is { Mode: PathMode.Direct, Rule: { } direct }
            ? $"it does not exist on this host now, and a cell can make it, for {direct.Path} is direct"
            : "it does not exist on this host now";
    }

    public PolicyAnswer About(string endpoint) =>
        policy.TryExplainEndpoint(endpoint, out Verdict? verdict, out string? problem)
            ? new PolicyAnswer("connect", endpoint, verdict)
            : throw new SessionException($"'{endpoint}' is not an endpoint: {problem}");
}
