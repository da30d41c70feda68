using ShellGuard.Core;
using ShellGuard.Core.Flow;
using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;

namespace ShellGuard.Policy.Walls;

/// <summary>Folds what the sources say of walls into one. What has a name is replaced as a whole by what a later source
/// says under that name.</summary>
internal sealed class WallCombiner
{
    private readonly IReadOnlyList<PolicyLayer> _layers;
    private readonly List<Diagnostic> _diagnostics;
    private readonly List<LayerTag> _tags;
    private readonly TagUniverse _universe;

    private WallCombiner(IReadOnlyList<PolicyLayer> layers, List<Diagnostic> diagnostics)
    {
        _layers = layers;
        _diagnostics = diagnostics;
        _tags = Named(layers.SelectMany(l => l.Walls.Tags), tag => tag.Name);
        _universe = new TagUniverse(_tags.Take(TagSet.Capacity).Select(tag => tag.Name));
    }

    /// <summary>Null where no source says anything of walls, or where there are too many tags for any answer.</summary>
    public static WallRules? Combine(IReadOnlyList<PolicyLayer> layers, List<Diagnostic> diagnostics) =>
        layers.All(layer => layer.Walls.IsEmpty) ? null : new WallCombiner(layers, diagnostics).Combine();

    private WallRules? Combine()
    {
        List<LayerResource> resources = Named(_layers.SelectMany(l => l.Walls.Resources), r => r.Name);
        List<LayerConflict> conflicts = Named(_layers.SelectMany(l => l.Walls.Conflicts), c => c.Name);
        List<LayerCell> cells = Named(_layers.SelectMany(l => l.Walls.Cells), c => c.Name);
        List<LayerGate> gates = Named(_layers.SelectMany(l => l.Walls.Gates), g => g.Name);
        if (TooManyTags(gates))
        {
            return null;
        }

        GateRule[] gateRules = [.. gates.Select(Gate)];
        FlowPolicy flow = new(
            _universe,
            conflicts.Select(c => new ConflictSet(c.Name, c.AtMost, Tags(c.Members), c.Mode, c.Exclusive, c.Rule)),
            gateRules.Select(gate => gate.Gate),
            strict: false);
        TaggedResource[] tagged =
        [
            .. resources.Select(r => new TaggedResource(
                r.Name, r.Endpoints, r.Paths, Tags(r.Sources), Tags(r.Sinks), r.Opaque, r.Rule)
            {
                IsClipboard = r.Clipboard,
                Environment = [.. r.Environment.Select(variable => variable.Value)],
            }),
        ];
        tagged = WithClipboard(tagged, cells);
        WallRules walls = new(flow, tagged, [.. cells.Select(cell => Cell(cell, tagged))])
        {
            Tags = [.. _tags.Select(tag => new TagRule(TagOf(tag.Name), tag.Name, tag.Meaning, tag.Rule))],
            Gates = gateRules,
        };
        CheckCommands(cells);
        CheckLobby(tagged);
        CheckVariables(cells, tagged);
        return walls;
    }

    /// <summary>What is on the clipboard can be pasted anywhere. So where the policy does not say what it leads to, it leads
    /// to every sink that the policy has.</summary>
    private static TaggedResource[] WithClipboard(TaggedResource[] resources, List<LayerCell> cells)
    {
        if (Array.Exists(resources, resource => resource.IsClipboard) || cells.Find(cell => cell.Clipboard is not null) is not { } first)
        {
            return resources;
        }

        string name = "the clipboard";
        while (Array.Exists(resources, resource => resource.Name == name))
        {
            name += " of the terminal";
        }

        TagSet sinks = resources.Aggregate(TagSet.Empty, (all, resource) => all | resource.Sinks);
        return
        [
            .. resources,
            new TaggedResource(name, [], [], TagSet.Empty, sinks, Opaque: true, first.Clipboard!) { IsClipboard = true },
        ];
    }

    private bool TooManyTags(List<LayerGate> gates)
    {
        if (_tags.Count > TagSet.Capacity)
        {
            Error(_tags[TagSet.Capacity].Rule, $"more than {TagSet.Capacity} tags");
            return true;
        }

        int count = _tags.Count;
        foreach (LayerGate gate in gates)
        {
            count += gate.From.Count;
            if (count > TagSet.Capacity)
            {
                Error(gate.Rule, $"more than {TagSet.Capacity} tags: each gate needs one more for each tag that it takes off");
                return true;
            }
        }

        return false;
    }

    private GateRule Gate(LayerGate gate) => new(
        new Gate(gate.Name, gate.Kind, Tags(gate.From), Tags(gate.To), gate.Capacity, gate.Rule), gate.Filter, gate.Approval);

    private CellRule Cell(LayerCell cell, TaggedResource[] resources)
    {
        TagSet label = Tags(cell.Label);
        CellRule rule = new(
            cell.Name, label, Clearance.Pinned(label, TagSet.Empty),
            [.. cell.Commands.Select(command => command.Value)], new NetworkRules(cell.Network, cell.Rule.File), cell.Paths,
            cell.Rule)
        {
            Late = cell.Late,
            Clipboard = cell.Clipboard,
            Environment = cell.Environment.ToDictionary(variable => variable.Value, variable => variable.Source, StringComparer.Ordinal),
        };
        TagSet sinks = TagSet.Empty;
        foreach (TaggedResource resource in resources)
        {
            sinks |= WallRules.GrantOf(rule, resource, resources) is { Sends: true } ? resource.Sinks : TagSet.Empty;
        }

        return rule with { Clearance = new Clearance(cell.Clearance is null ? label : Tags(cell.Clearance), sinks) };
    }

    private TagSet Tags(IReadOnlyList<LayerEntry<string>> names)
    {
        TagSet set = TagSet.Empty;
        foreach (LayerEntry<string> name in names)
        {
            if (_universe.TryFind(name.Value, out Tag tag))
            {
                set |= TagSet.Of(tag);
                continue;
            }

            string? near = NearestName.Find(name.Value, _tags.Select(known => known.Name));
            Error(
                name.Source, $"unknown tag '{SafeText.Shorten(name.Value, 60)}'",
                near is not null ? $"did you mean '{near}'?" : "[tags] declares them, each with what it stands for");
        }

        return set;
    }

    private Tag TagOf(string name) => _universe.TryFind(name, out Tag tag) ? tag : throw new InvalidOperationException(name);

    /// <summary>A command that could run in either of two cells would run in neither for sure.</summary>
    private void CheckCommands(List<LayerCell> cells)
    {
        Dictionary<string, LayerCell> routes = new(StringComparer.Ordinal);
        foreach (LayerCell cell in cells)
        {
            foreach (LayerEntry<string> command in cell.Commands)
            {
                if (!routes.TryAdd(command.Value, cell))
                {
                    Error(
                        command.Source,
                        $"{SafeText.Shorten(command.Value, 60)} is run in {routes[command.Value].Rule.Text} already ({routes[command.Value].Rule.Position})",
                        "a command belongs to one cell");
                }
            }
        }
    }

    /// <summary>What [network] grants is the lobby's, and the lobby belongs to no side.</summary>
    private void CheckLobby(TaggedResource[] resources)
    {
        NetworkRules lobby = new([.. _layers.SelectMany(l => l.Network)], "");
        foreach (NetworkRule rule in lobby.Rules.Where(rule => rule.Decision != Decision.Deny))
        {
            if (Array.Find(resources, resource => !(resource.Sources | resource.Sinks).IsEmpty
                && WallRules.Reaches(lobby, rule, resource, resources)) is { } reached)
            {
                Error(
                    rule.Source, $"{rule.Source.Text} reaches the {reached.Rule.Text} ({reached.Rule.Position}), "
                    + "which has tags, and [network] is for the lobby, which belongs to no side",
                    $"grant it in a cell; where the rule is of a policy that this one extends, deny = [\"{rule.Pattern}\"] "
                    + "in [network] takes it back");
            }
        }
    }

    private void CheckVariables(List<LayerCell> cells, TaggedResource[] resources)
    {
        foreach (LayerEntry<string> variable in cells.SelectMany(cell => cell.Environment))
        {
            if (!Array.Exists(resources, resource => resource.Environment.Contains(variable.Value, StringComparer.Ordinal)))
            {
                Error(
                    variable.Source, $"no resource has the variable {SafeText.Shorten(variable.Value, 60)}",
                    "a [[resource]] with environment names it; what every cell may have stands in pass of [environment]");
            }
        }
    }

    private void Error(RuleSource source, string message, string? suggestion = null)
    {
        int length = Math.Max(1, _layers.Max(layer => layer.Lengths.GetValueOrDefault(source)));
        Diagnostic error = new(Severity.Error, source.File, source.Line, source.Column, length, message, suggestion);
        if (!_diagnostics.Contains(error))
        {
            _diagnostics.Add(error);
        }
    }

    /// <summary>The last of each name, where the first of it stood.</summary>
    private static List<T> Named<T>(IEnumerable<T> all, Func<T, string> name)
    {
        List<T> found = [];
        Dictionary<string, int> places = new(StringComparer.Ordinal);
        foreach (T one in all)
        {
            if (places.TryGetValue(name(one), out int place))
            {
                found[place] = one;
            }
            else
            {
                places.Add(name(one), found.Count);
                found.Add(one);
            }
        }

        return found;
    }
}
