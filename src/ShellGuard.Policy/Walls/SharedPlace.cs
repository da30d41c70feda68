using ShellGuard.Core;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;

namespace ShellGuard.Policy.Walls;

/// <summary>Something that is no resource and that several cells are handed: what the one leaves there, the other
/// finds.</summary>
/// <param name="Name">An endpoint or a path.</param>
/// <param name="Rule">A rule that hands it out.</param>
/// <param name="Readers">The names of cells that get what is there.</param>
/// <param name="Writers">The names of cells that can leave something there.</param>
public sealed record SharedPlace(
    string Name, RuleSource Rule, IReadOnlySet<string> Readers, IReadOnlySet<string> Writers)
{
    /// <summary>All that some cell can write to and another one read.</summary>
    public static IEnumerable<SharedPlace> Of(WallRules walls, EffectivePolicy policy)
    {
        CellRule[] cells = [WallRules.LobbyOf(policy), .. walls.Cells];

        // Of these there may be several at a time.
        HashSet<string> kinds = Names(cells, cell => cell.Late == LateAcquisition.Elsewhere);
        return [.. Endpoints(walls, cells).Concat(Files(walls, policy, cells)).Where(place => IsShared(place, kinds))];
    }

    private static bool IsShared(SharedPlace place, HashSet<string> kinds) =>
        place.Writers.Any(writer => place.Readers.Any(reader => reader != writer || kinds.Contains(reader)));

    private static IEnumerable<SharedPlace> Endpoints(WallRules walls, CellRule[] cells)
    {
        IEnumerable<NetworkRule> grants = cells.SelectMany(cell => cell.Network.Rules)
            .Where(rule => rule.Decision != Decision.Deny && !IsResource(rule.Pattern))
            .DistinctBy(rule => rule.Pattern.ToString(), StringComparer.Ordinal);
        foreach (NetworkRule grant in grants)
        {
            HashSet<string> members = Names(cells, cell => cell.Network.Rules.Any(rule => rule.Decision != Decision.Deny
                && rule.Pattern.Meet(grant.Pattern) is { } both && !IsResource(both) && cell.Network.Grants(both)));
            yield return new SharedPlace(grant.Pattern.ToString(), grant.Source, members, members);
        }

        bool IsResource(EndpointPattern pattern) =>
            walls.Resources.Any(resource => resource.Endpoints.Any(endpoint => endpoint.Speaks(pattern)));
    }

    private static IEnumerable<SharedPlace> Files(WallRules walls, EffectivePolicy policy, CellRule[] cells)
    {
        Dictionary<string, IReadOnlyList<PathRule>> views = cells.ToDictionary(
            cell => cell.Name, cell => walls.PolicyOf(policy, cell).Paths, StringComparer.Ordinal);
        IEnumerable<PathRule> direct = policy.Paths.Concat(cells.SelectMany(cell => cell.Paths))
            .Where(rule => rule.Mode == PathMode.Direct && walls.ResourcesOfPath(rule.Path).Count == 0)
            .DistinctBy(rule => rule.Path, StringComparer.Ordinal);
        foreach (PathRule rule in direct)
        {
            SharedPlace whole = At(rule.Path, rule);
            yield return whole;

            // A part of it may be handed to more cells than the whole.
            foreach (string part in views.Values.SelectMany(view => view)
                .Where(other => !other.IsGlob && other.Mode != PathMode.Hidden && other.Path != rule.Path
                    && PathText.IsAtOrBeneath(other.Path, rule.Path) && walls.ResourcesOfPath(other.Path).Count == 0)
                .Select(other => other.Path).Distinct(StringComparer.Ordinal))
            {
                SharedPlace here = At(part, rule);
                if (!here.Readers.IsSubsetOf(whole.Readers) || !here.Writers.IsSubsetOf(whole.Writers))
                {
                    yield return here;
                }
            }
        }

        SharedPlace At(string path, PathRule rule) => new(
            path, rule.Source,
            Names(cells, cell => PathDecision.Of(views[cell.Name], path).Mode is not (null or PathMode.Hidden)),
            Names(cells, cell => PathDecision.Of(views[cell.Name], path).Mode == PathMode.Direct));
    }

    private static HashSet<string> Names(CellRule[] cells, Func<CellRule, bool> which) =>
        cells.Where(which).Select(cell => cell.Name).ToHashSet(StringComparer.Ordinal);
}
