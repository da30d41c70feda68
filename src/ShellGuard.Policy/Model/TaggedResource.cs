using System.Net;
using ShellGuard.Core;
using ShellGuard.Core.Flow;
using ShellGuard.Policy.Evaluation;

namespace ShellGuard.Policy.Model;

/// <summary>Something outside that carries tags: endpoints, trees of files, variables of the caller's environment.</summary>
/// <param name="Endpoints">What is reached over the network.</param>
/// <param name="Paths">Absolute and normalised; the trees beneath them.</param>
/// <param name="Sources">What comes from it.</param>
/// <param name="Sinks">Where that goes which is sent or written to it.</param>
/// <param name="Opaque">Whether what goes in is taken not to come out; else it is a mailbox, and joins those who reach
/// it.</param>
/// <param name="Rule">Where it is declared.</param>
public sealed record TaggedResource(
    string Name,
    IReadOnlyList<EndpointPattern> Endpoints,
    IReadOnlyList<string> Paths,
    TagSet Sources,
    TagSet Sinks,
    bool Opaque,
    RuleSource Rule)
{
    /// <summary>Names of variables.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Whether it is the clipboard of the person's terminal: what is set there can be pasted anywhere.</summary>
    public bool IsClipboard { get; init; }

    /// <summary>Whether this path is part of it.</summary>
    /// <param name="path">Absolute and normalised, links resolved.</param>
    public bool HasPath(string path) => Paths.Any(tree => PathText.IsAtOrBeneath(path, tree));

    /// <summary>How specifically it names this name and port; null if it does not.</summary>
    internal int? ForName(string host, int port) => Best(port, pattern => pattern.MatchesName(host));

    /// <summary>How specifically it names this address and port. A block that is wider than a reserved range does not name
    /// what lies in it.</summary>
    internal int? ForAddress(IPAddress address, int port)
    {
        bool reserved = ReservedRanges.Find(address) is not null;
        return Best(
            port, pattern => pattern.MatchesAddress(address) && (!reserved || ReservedRanges.Names(pattern.Range!)));
    }

    private int? Best(int port, Func<EndpointPattern, bool> matches) => Endpoints
        .Where(pattern => (pattern.Port is null || pattern.Port == port) && matches(pattern))
        .Max(pattern => (int?)pattern.Specificity);
}
