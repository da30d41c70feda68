using ShellGuard.Core;
using ShellGuard.Policy.Model;

namespace ShellGuard.Policy.Evaluation;

/// <summary>What would happen, and by which line.</summary>
public static class PolicyQuery
{
    // Each cell has its own of these; what the host has there is handed over by name or not at all.
    private static readonly string[] _privatePlaces = ["/dev", "/proc", "/run", "/tmp", "/var/run"];

    /// <summary>Decides about a path of the host as the rules speak about it; links are not followed.</summary>
    /// <param name="policy">The effective policy.</param>
    /// <param name="path">Absolute and normalised (<see cref="PathText"/> makes it so).</param>
    /// <param name="operation">A file operation; others are denied.</param>
    public static Verdict Explain(this EffectivePolicy policy, string path, Operation operation)
    {
        bool changes = operation is Operation.Write or Operation.Create or Operation.Delete or Operation.Rename;
        bool reads = operation is Operation.Read or Operation.List or Operation.Stat or Operation.Execute
            or Operation.MapExecutable;
        var nothing = new RuleSource(SourceOf(policy), 0, 0, "what no rule shows is not there");
        string quoted = ShellQuote.Quote(path);
        string flag = changes ? $"--cow {quoted}" : $"--ro {quoted}";
        if (!changes && !reads)
        {
            return Verdict.Deny(nothing, $"{operation} is not an operation on a file", null);
        }

        var decision = PathDecision.Of(policy.Paths, path);
        string? place = Array.Find(_privatePlaces, p => PathText.IsAtOrBeneath(path, p));
        if (place is not null && decision.Mode != PathMode.Hidden
            && (decision.Rule is null || !PathText.IsAtOrBeneath(decision.Rule.Path, place)))
        {
            return Private(policy, place, flag);
        }

        string text = Shown(path);
        return decision switch
        {
            { Rule: null } => Verdict.Deny(nothing, $"no rule shows {text}", flag),
            { Mode: PathMode.Hidden } => Verdict.Deny(
                decision.Rule.Source, $"{text} is hidden", WayOn(decision.Rule, path, flag)),
            { Mode: PathMode.ReadOnly } when changes => Verdict.Deny(
                decision.Rule.Source, $"{text} is read-only", WayOn(decision.Rule, path, flag)),
            { Mode: PathMode.CopyOnWrite } when changes => Verdict.Allow(
                decision.Rule.Source, "the change goes to the session's layer and is committed or discarded later"),
            { Mode: PathMode.Direct } when changes => Verdict.Allow(
                decision.Rule.Source, "the change goes to the host at once"),
            _ => Verdict.Allow(decision.Rule.Source, $"{text} is shown"),
        };
    }

    /// <summary>Decides about an endpoint as it is written: <c>HOST:PORT</c>, an address and a port; no wildcards.
    /// </summary>
    /// <param name="verdict">The decision.</param>
    /// <param name="problem">Why the text is not an endpoint, in lower case without a full stop.</param>
    public static bool TryExplainEndpoint(
        this EffectivePolicy policy, string endpoint,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Verdict? verdict,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out string? problem)
    {
        verdict = null;
        if (!EndpointPattern.TryParse(endpoint, out var pattern, out problem))
        {
            return false;
        }

        if (pattern.Port is not { } port || pattern.Kind is EndpointKind.AnyName or EndpointKind.SubDomains
            || pattern.Range is { IsSingle: false })
        {
            problem = "one host and one port are asked about, without wildcards";
            return false;
        }

        verdict = pattern.Range is { } range
            ? policy.Network.ForAddress(range.Network, port)
            : policy.Network.ForName(pattern.Name!, port);
        return true;
    }

    private static Verdict Private(EffectivePolicy policy, string place, string flag)
    {
        var rule = new RuleSource(SourceOf(policy), 0, 0, $"{place} is the cell's own");
        return place == "/tmp"
            ? Verdict.Allow(rule, "/tmp is the cell's own, empty at its start; the host's is not shown")
            : Verdict.Deny(rule, $"the host's {place} is not shown; the cell has a minimal one of its own", flag);
    }

    // A flag is the last source and names the path exactly: it wins, except over a flag for the very same path.
    private static string WayOn(PathRule rule, string path, string flag) =>
        rule.Path == path && !rule.IsGlob && rule.Source.File == RuleSource.CommandLine("").File
            ? $"{flag} instead of {rule.Source.Text}"
            : flag;

    private static string SourceOf(EffectivePolicy policy) => policy.Chain.Count > 0 ? policy.Chain[^1] : policy.Name;

    private static string Shown(string path) => SafeText.Shorten(path, 200);
}
