using System.Diagnostics.CodeAnalysis;
using System.Net;
using ShellGuard.Core;
using ShellGuard.Core.Flow;

namespace ShellGuard.Policy.Model;

/// <summary>What a policy says of walls: tags, what carries them, what must not meet, and the cells on either side.
/// </summary>
/// <param name="Flow">For the flow model: conflict sets and gates.</param>
/// <param name="Resources">What carries tags.</param>
/// <param name="Cells">The cells, with distinct names.</param>
public sealed partial record WallRules(
    FlowPolicy Flow, IReadOnlyList<TaggedResource> Resources, IReadOnlyList<CellRule> Cells)
{
    /// <summary>All tags, by their number.</summary>
    public IReadOnlyList<TagRule> Tags { get; init; } = [];

    /// <summary>By the same index as the gates of <see cref="Flow"/>.</summary>
    public IReadOnlyList<GateRule> Gates { get; init; } = [];

    public bool TryFindCell(string name, [NotNullWhen(true)] out CellRule? cell)
    {
        cell = Cells.FirstOrDefault(c => c.Name == name);
        return cell is not null;
    }

    /// <summary>The cell that a command is run in; null for one that no cell has.</summary>
    /// <param name="commandName">A name, or a path, of which the last part counts.</param>
    public CellRule? CellOfCommand(string commandName)
    {
        string name = commandName[(commandName.LastIndexOf('/') + 1)..];
        return Cells.FirstOrDefault(cell => cell.Commands.Contains(name, StringComparer.Ordinal));
    }

    /// <summary>The gate of this name; null where there is none.</summary>
    public GateRule? FindGate(string name) => Gates.FirstOrDefault(gate => gate.Gate.Name == name);

    /// <summary>The resources that a connection to this name leads to: the most specific one, or those that name it
    /// equally; all their tags count.</summary>
    /// <param name="host">Normalised, as in <see cref="INetworkRules.ForName"/>.</param>
    public IReadOnlyList<TaggedResource> ResourcesOf(string host, int port) =>
        MostSpecific(resource => resource.ForName(host, port));

    /// <summary>The resources that a connection to this address leads to, as for a name.</summary>
    public IReadOnlyList<TaggedResource> ResourcesOf(IPAddress address, int port) =>
        MostSpecific(resource => resource.ForAddress(address, port));

    /// <summary>The resources that a file is part of; all their tags count.</summary>
    /// <param name="path">Absolute and normalised, links resolved.</param>
    public IReadOnlyList<TaggedResource> ResourcesOfPath(string path) =>
        [.. Resources.Where(resource => resource.HasPath(path))];

    /// <summary>The same rules for a session in which exit statuses tell nothing and labels do not grow.</summary>
    public WallRules InStrictMode() => this with
    {
        Flow = new FlowPolicy(new TagUniverse(Tags.Select(tag => tag.Name)), Flow.Conflicts, Flow.Gates, strict: true),
    };

    /// <summary>The names of some tags, for a message: <c>db:customers and net:internet</c>.</summary>
    public string NamesOf(TagSet tags) => Flow.NamesOf(tags);

    private List<TaggedResource> MostSpecific(Func<TaggedResource, int?> specificity)
    {
        List<TaggedResource> found = [];
        int best = -1;
        foreach (TaggedResource resource in Resources)
        {
            if (specificity(resource) is not { } here || here < best)
            {
                continue;
            }

            if (here > best)
            {
                found.Clear();
                best = here;
            }

            found.Add(resource);
        }

        return found;
    }
}
