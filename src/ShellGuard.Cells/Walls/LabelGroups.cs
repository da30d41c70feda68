using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ShellGuard.Core.Flow;
using ShellGuard.Policy.Model;
using ShellGuard.Policy.Walls;

namespace ShellGuard.Cells.Walls;

/// <summary>The sides of a policy's walls. Pure.</summary>
internal sealed class LabelGroups
{
    private const int LongestName = 40;
    private const string LobbyName = "lobby";

    private readonly WallRules _walls;
    private readonly EffectivePolicy _policy;

    /// <param name="policy">A policy with walls, the flags of the command line folded in.</param>
    /// <param name="committed">What of the host has a label.</param>
    public LabelGroups(EffectivePolicy policy, CommittedLabels committed)
    {
        Committed = committed;
        _policy = policy;
        _walls = policy.Walls ?? throw new ArgumentException("a policy without walls", nameof(policy));
        foreach (IGrouping<TagSet, CellRule> cells in _walls.Cells.GroupBy(cell => cell.Label))
        {
            if (!cells.Key.IsEmpty)
            {
                All.Add(GroupOf(policy, cells.Key, [.. cells]));
            }
        }

        foreach (CellRule cell in _walls.Cells.Where(cell => !cell.Pinned))
        {
            Floating.Add(Afloat(cell, 1));
        }

        // One that may get sources later has a cell of its own: the lobby must have none.
        CellRule[] plain = [.. _walls.Cells.Where(cell => cell.Label.IsEmpty && cell.Pinned)];
        EffectivePolicy own = _walls.PolicyOfLobby(policy);
        EffectivePolicy joined = Joined(own, [own.Network, .. Networks(plain)], plain, TagSet.Empty, LobbyName);
        Lobby = new LabelGroup(
            LobbyName, TagSet.Empty, SinksOf(plain), "", committed.HiddenFrom(joined, TagSet.Empty), plain);
    }

    /// <summary>What of the host has a label.</summary>
    public CommittedLabels Committed { get; }

    /// <summary>Those with a label, in the order of the policy.</summary>
    public List<LabelGroup> All { get; } = [];

    /// <summary>Those whose label grows, in the order of the policy.</summary>
    public List<LabelGroup> Floating { get; } = [];

    /// <summary>The side without a label: the shell's own. Cells without a label are part of it.</summary>
    public LabelGroup Lobby { get; }

    /// <summary>The group whose label is the smallest that includes these sources; null when no cell may have them.
    /// </summary>
    public LabelGroup? For(TagSet sources) => sources.IsEmpty
        ? Lobby
        : All.Where(group => sources.IsSubsetOf(group.Label)).MinBy(group => group.Label.Count);

    /// <summary>The group that a cell belongs to.</summary>
    public LabelGroup GroupOf(CellRule cell) =>
        (cell.Pinned ? All.FirstOrDefault(group => group.Label == cell.Label) : Floating.Find(group => group.Floating == cell))
        ?? Lobby;

    /// <summary>A cell whose label grows, before it has anything.</summary>
    /// <param name="number">How many of it there are, with this one.</param>
    public LabelGroup Afloat(CellRule cell, int number)
    {
        string name = number == 1 ? cell.Name : string.Create(CultureInfo.InvariantCulture, $"{cell.Name}-{number}");
        return new LabelGroup(name, TagSet.Empty, cell.Clearance.Sinks, $"{name}-floats", PolicyOf(cell, TagSet.Empty), [cell])
        {
            Floating = cell,
        };
    }

    /// <summary>What a cell whose label grows may do while it knows just these sources: trees with others are not there.
    /// </summary>
    public EffectivePolicy PolicyOf(CellRule cell, TagSet label)
    {
        CellRule now = cell with { Paths = [.. cell.Paths.Where(rule => IsShown(rule, label))] };
        return Committed.HiddenFrom(Joined(_walls.PolicyOf(_policy, now), Networks([now]), [now], label, cell.Name), label);
    }

    /// <summary>Whether a cell with this label sees what a path rule shows.</summary>
    public bool IsShown(PathRule rule, TagSet label) => rule.Mode == PathMode.Hidden
        || _walls.ResourcesOfPath(rule.Path).All(resource => resource.Sources.IsSubsetOf(label));

    /// <summary>The group that a command is routed to; null when no cell names it.</summary>
    public LabelGroup? RouteOf(string command) => _walls.CellOfCommand(command) is { } cell ? GroupOf(cell) : null;

    private LabelGroup GroupOf(EffectivePolicy policy, TagSet label, IReadOnlyList<CellRule> cells)
    {
        EffectivePolicy first = _walls.PolicyOf(policy, cells[0]);
        string name = string.Join('+', cells.Select(cell => cell.Name));
        return new LabelGroup(
            name, label, SinksOf(cells), KeyOf(label),
            Committed.HiddenFrom(Joined(first, Networks(cells), cells, label, name), label), cells);
    }

    /// <summary>One policy with the grants of all.</summary>
    private EffectivePolicy Joined(
        EffectivePolicy first, IEnumerable<Core.INetworkRules> networks, IReadOnlyList<CellRule> cells, TagSet label, string name)
    {
        List<NetworkRule> rules = [.. networks.OfType<NetworkRules>().SelectMany(network => network.Rules)];
        HashSet<string> named = [.. first.Paths.Select(rule => $"{rule.Mode} {rule.Path}")];
        return first with
        {
            Network = new SideNetwork(new NetworkRules(rules, first.Name), _walls, cells, label, cells.All(cell => cell.Pinned) ? SinksOf(cells) : TagSet.Empty, name),
            Environment = _walls.EnvironmentOf(_policy, cells),
            Paths = [.. first.Paths, .. cells.SelectMany(cell => cell.Paths).Where(rule => named.Add($"{rule.Mode} {rule.Path}"))],
        };
    }

    private TagSet SinksOf(IEnumerable<CellRule> cells) =>
        cells.Aggregate(TagSet.Empty, (sinks, cell) => _walls.GrantsOf(cell).Aggregate(
            sinks, (all, grant) => grant.Sends ? all | grant.Resource.Sinks : all));

    private static IEnumerable<Core.INetworkRules> Networks(IEnumerable<CellRule> cells) => cells.Select(cell => cell.Network);

    /// <summary>A name that a person recognises, with enough of a hash to be the label's alone.</summary>
    private string KeyOf(TagSet label)
    {
        string names = string.Join('+', label.Select(_walls.Flow.NameOf).Order(StringComparer.Ordinal));
        StringBuilder key = new();
        foreach (char c in names.Take(LongestName))
        {
            key.Append(char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-');
        }

        string hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(names)).AsSpan(0, 4)).ToLowerInvariant();
        return $"{key.ToString().Trim('-')}-{hash}";
    }
}
