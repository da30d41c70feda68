using System.Globalization;
using System.Net;
using ShellGuard.Core;
using ShellGuard.Policy.Walls;

namespace ShellGuard.Policy.Model;

/// <summary>Decides about endpoints: the most specific rule wins; among equally specific ones a denial, then the later
/// rule; what no rule grants is denied.</summary>
public sealed class NetworkRules : INetworkRules
{
    private readonly RuleSource _default;

    /// <param name="rules">Earlier sources first.</param>
    /// <param name="policyName">Named as the source of the default denial.</param>
    public NetworkRules(IReadOnlyList<NetworkRule> rules, string policyName)
    {
        Rules = rules;
        _default = new RuleSource(policyName, 0, 0, "what no network rule grants is denied");
    }

    /// <summary>The rules of a network; null where they are none of ours.</summary>
    public static NetworkRules? Of(INetworkRules network) => (network as SideNetwork)?.Rules ?? network as NetworkRules;

    /// <summary>All rules, earlier sources first.</summary>
    public IReadOnlyList<NetworkRule> Rules { get; }

    /// <inheritdoc/>
    public Verdict ForName(string host, int? port)
    {
        if (!HostName.TryNormalise(host, out string? name, out string? problem))
        {
            return Verdict.Deny(_default, problem, null);
        }

        var matching = Rules.Where(r => r.Pattern.MatchesName(name)).ToList();
        if (port is { } number)
        {
            return Decide(matching, number, $"{name}:{Number(number)}");
        }

        // Any port: try each port that a rule names, and one that none names (port 0 stands for it).
        Verdict? best = null;
        foreach (int candidate in matching.Select(r => r.Pattern.Port ?? 0).Append(0).Distinct())
        {
            var verdict = Decide(matching, candidate, $"{name}:{(candidate == 0 ? "PORT" : Number(candidate))}");
            if (best is null || Rank(verdict.Decision) > Rank(best.Decision))
            {
                best = verdict;
            }
        }

        return best!;
    }

    /// <inheritdoc/>
    public Verdict ForAddress(IPAddress address, int port)
    {
        string literal = AddressRange.Of(address).ToString();
        bool reserved = ReservedRanges.Find(address) is not null;

        // A block that is wider than a reserved range does not grant what is inside the range (a denial holds).
        var matching = Rules.Where(r => r.Pattern.MatchesAddress(address)
            && (!reserved || r.Decision == Decision.Deny || ReservedRanges.Names(r.Pattern.Range!))).ToList();
        var verdict = Decide(matching, port, $"{literal}:{Number(port)}");
        return verdict.Rule == _default && ReservedRanges.Find(address) is { } what
            ? verdict with { Reason = $"{verdict.Reason}; the address is reserved ({what}) and must be named" }
            : verdict;
    }

    /// <inheritdoc/>
    public Verdict? DenialOf(IPAddress address, int port)
    {
        var verdict = ForAddress(address, port);
        bool isSaid = Rules.Any(r => r.Decision == Decision.Deny && r.Pattern.Range is { PrefixLength: > 0 }
            && r.Source == verdict.Rule);
        return verdict.Decision == Decision.Deny && isSaid ? verdict : null;
    }

    /// <summary>Whether anything of these endpoints can be reached, be it after a question: so unless a rule that covers
    /// all of them denies it.</summary>
    /// <param name="part">What a grant and somebody else both speak about.</param>
    internal bool Grants(EndpointPattern part)
    {
        NetworkRule? best = null;
        foreach (NetworkRule rule in Rules)
        {
            if (rule.Pattern.Covers(part) && (best is null || Wins(rule, best)))
            {
                best = rule;
            }
        }

        return best is not (null or { Decision: Decision.Deny });
    }

    private Verdict Decide(IEnumerable<NetworkRule> matching, int port, string endpoint)
    {
        NetworkRule? best = null;
        foreach (var rule in matching)
        {
            if ((rule.Pattern.Port is null || rule.Pattern.Port == port) && (best is null || Wins(rule, best)))
            {
                best = rule;
            }
        }

        return best switch
        {
            null => Verdict.Deny(_default, $"no rule grants {endpoint}", $"--net {endpoint}"),
            { Decision: Decision.Allow } => Verdict.Allow(best.Source, $"{best.Pattern} is granted"),
            { Decision: Decision.Ask } => Verdict.Ask(best.Source, $"{best.Pattern} is asked about"),
            _ => Verdict.Deny(best.Source, $"{best.Pattern} is denied", WayOn(best, endpoint)),
        };
    }

    /// <summary>Whether <paramref name="later"/>, which stands behind <paramref name="earlier"/>, decides.</summary>
    internal static bool Wins(NetworkRule later, NetworkRule earlier)
    {
        int difference = later.Pattern.Specificity - earlier.Pattern.Specificity;
        return difference != 0 ? difference > 0 : later.Decision == Decision.Deny || earlier.Decision != Decision.Deny;
    }

    // A denial of exactly this endpoint beats every grant of it: only its removal helps.
    private static string WayOn(NetworkRule rule, string endpoint) => rule.Pattern.ToString() == endpoint
        ? $"remove {rule.Source.Text} ({rule.Source.Position})"
        : $"--net {endpoint}";

    private static string Number(int port) => port.ToString(CultureInfo.InvariantCulture);

    private static int Rank(Decision decision) => decision switch
    {
        Decision.Allow => 2,
        Decision.Ask => 1,
        _ => 0,
    };
}
