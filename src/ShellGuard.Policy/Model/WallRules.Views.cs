using ShellGuard.Core;
using ShellGuard.Core.Flow;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Presets;

namespace ShellGuard.Policy.Model;

/// <content>What each cell is handed.</content>
public sealed partial record WallRules
{
    /// <summary>The policy of one cell by itself: its own network, and <c>[files]</c> with its own paths.</summary>
    /// <remarks>A tagged tree is not there unless the cell itself names it or something in it: what <c>[files]</c> says
    /// of a directory above, or of something within, hands it to nobody.</remarks>
    public EffectivePolicy PolicyOf(EffectivePolicy policy, CellRule cell) => policy with
    {
        Network = cell.Network,
        Paths = [.. Untagged(policy.Paths), .. cell.Paths.Where(path => !IsDropped(policy, path))],
        Environment = EnvironmentOf(policy, [cell]),
    };

    /// <summary>The policy of the lobby, which belongs to no side: no tagged tree is there.</summary>
    public EffectivePolicy PolicyOfLobby(EffectivePolicy policy) =>
        policy with { Paths = [.. Untagged(policy.Paths)], Environment = EnvironmentOf(policy, []) };

    /// <summary>The environment of cells that are one: <c>[environment]</c>, and of the variables that resources have just
    /// those that the cells name.</summary>
    public EnvironmentRules EnvironmentOf(EffectivePolicy policy, IReadOnlyList<CellRule> cells)
    {
        EnvironmentRules all = policy.Environment;
        Dictionary<string, RuleSource> sources = new(all.Sources, StringComparer.Ordinal);
        List<string> passed = [.. all.Pass];
        List<string> withheld = [.. all.Withhold];
        Dictionary<string, string> set = new(all.Set, StringComparer.Ordinal);
        foreach (TaggedResource resource in Resources)
        {
            foreach (string name in resource.Environment)
            {
                RuleSource? grant = cells.Select(cell => cell.Environment.GetValueOrDefault(name)).FirstOrDefault(rule => rule is not null);
                sources[$"{(grant is null ? "withhold" : "pass")} {name}"] = grant ?? resource.Rule;
                (grant is null ? withheld : passed).Add(name);
                set.Remove(name);
            }
        }

        return new EnvironmentRules(passed, set) { Withhold = withheld, Sources = sources };
    }

    /// <summary>The lobby as a cell: pinned, without a label, with what <c>[network]</c> grants.</summary>
    public static CellRule LobbyOf(EffectivePolicy policy) => new(
        "lobby", TagSet.Empty, Clearance.Pinned(TagSet.Empty, TagSet.Empty), [],
        policy.Network as NetworkRules ?? new NetworkRules([], policy.Name), [], new RuleSource(policy.Name, 0, 0, "the lobby"));

    /// <summary>The resources that a cell's own rules hand to it, in the order of the policy.</summary>
    public IEnumerable<ResourceGrant> GrantsOf(CellRule cell)
    {
        foreach (TaggedResource resource in Resources)
        {
            if (GrantOf(cell, resource, Resources) is { } grant)
            {
                yield return grant;
            }
        }
    }

    /// <summary>How the cell's own rules hand it this resource; null if they do not.</summary>
    /// <param name="all">All resources: what a more specific one names is not this one's.</param>
    internal static ResourceGrant? GrantOf(CellRule cell, TaggedResource resource, IReadOnlyList<TaggedResource> all) =>
        resource.IsClipboard ? cell.Clipboard is { } set ? new ResourceGrant(resource, Sends: true, set) : null
            : cell.Network.Rules.FirstOrDefault(rule => Reaches(cell.Network, rule, resource, all)) is { } granting
            ? new ResourceGrant(resource, Sends: true, granting.Source)
            : AsFiles(cell.Paths, resource) ?? AsVariable(cell, resource);

    /// <summary>Whether a rule lets anything of the resource be reached.</summary>
    /// <param name="network">All rules, of which it is one.</param>
    internal static bool Reaches(
        NetworkRules network, NetworkRule rule, TaggedResource resource, IReadOnlyList<TaggedResource> all) =>
        rule.Decision != Decision.Deny && resource.Endpoints.Any(endpoint => rule.Pattern.Meet(endpoint) is { } both
            && network.Grants(both)
            && !all.Any(other => other.Endpoints.Any(
                named => named.Specificity > endpoint.Specificity && named.Covers(both))));

    /// <summary>The cell's rules that lead to what no resource names: what is sent there counts for nothing.</summary>
    internal IEnumerable<NetworkRule> UntaggedRulesOf(CellRule cell) => cell.Network.Rules.Where(rule =>
        rule.Decision != Decision.Deny
        && !Resources.Any(resource => resource.Endpoints.Any(endpoint => endpoint.Meet(rule.Pattern) is not null)));

    // As with [files]: standing at the top or inside a secret is not a wish to hand it over.
    private static bool IsDropped(EffectivePolicy policy, PathRule path) =>
        path.IsWorkingDirectory && PolicyPresets.IsPreset(path.Source.File)
        && (path.Path == "/" || PathDecision.Of(policy.Paths, path.Path).Mode is PathMode.Hidden);

    private static ResourceGrant? AsFiles(IReadOnlyList<PathRule> paths, TaggedResource resource)
    {
        PathRule[] shown = [.. paths.Where(rule => rule.Mode != PathMode.Hidden && resource.HasPath(rule.Path))];
        PathRule? writing = Array.Find(shown, rule => rule.Mode == PathMode.Direct);
        PathRule? any = writing ?? shown.FirstOrDefault();
        return any is null ? null : new ResourceGrant(resource, writing is not null, any.Source);
    }

    private static ResourceGrant? AsVariable(CellRule cell, TaggedResource resource) =>
        resource.Environment.FirstOrDefault(cell.Environment.ContainsKey) is { } name
            ? new ResourceGrant(resource, Sends: false, cell.Environment[name])
            : null;

    private IEnumerable<PathRule> Untagged(IReadOnlyList<PathRule> paths)
    {
        foreach (PathRule rule in paths)
        {
            if (rule.Mode == PathMode.Hidden || ResourcesOfPath(rule.Path).Count == 0)
            {
                yield return rule;
            }
        }

        foreach (TaggedResource resource in Resources)
        {
            foreach (string tree in resource.Paths)
            {
                yield return new PathRule(tree, PathMode.Hidden, false, resource.Rule);
            }
        }
    }
}
