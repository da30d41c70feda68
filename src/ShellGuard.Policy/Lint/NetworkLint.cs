using System.Net;
using ShellGuard.Core;
using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;
using ShellGuard.Policy.Presets;

namespace ShellGuard.Policy.Lint;

/// <summary>Finds network rules that never decide, that change nothing, or that hand out the host.</summary>
internal sealed class NetworkLint(PolicyResult result, LintReport report)
{
    private const int MaximumRules = 500;

    private static readonly (string Address, string How)[] _metadata =
    [
        ("169.254.169.254", "the cloud's metadata service answers with the machine's credentials"),
        ("fd00:ec2::254", "the cloud's metadata service answers with the machine's credentials"),
        ("169.254.170.2", "the container service answers with the task's credentials"),
        ("100.100.100.200", "the cloud's metadata service answers with the machine's credentials"),
    ];

    public void Check()
    {
        var rules = result.Layers.SelectMany(l => l.Network).ToList();
        CheckDangers(rules, _ => false);
        if (rules.Count <= MaximumRules)
        {
            for (int i = 0; i < rules.Count; i++)
            {
                if (!PolicyPresets.IsPreset(rules[i].Source.File))
                {
                    CheckEffect(rules, i);
                }
            }
        }
    }

    /// <summary>Grants that amount to an escape.</summary>
    /// <param name="isHeld">Whether it is known, and watched, that these endpoints lead out.</param>
    public void CheckDangers(IEnumerable<NetworkRule> rules, Func<EndpointPattern, bool> isHeld)
    {
        foreach (var rule in rules.Where(r => r.Decision != Decision.Deny))
        {
            CheckDanger(rule, isHeld(rule.Pattern));
        }
    }

    private void CheckDanger(NetworkRule rule, bool isHeld)
    {
        var pattern = rule.Pattern;
        string text = rule.Source.Text;
        foreach (var (address, how) in _metadata)
        {
            // Only a block inside a reserved range reaches a reserved address.
            if (pattern.MatchesAddress(IPAddress.Parse(address)) && ReservedRanges.Names(pattern.Range!)
                && pattern.Port is null or 80)
            {
                report.Add(Severity.Danger, rule.Source,
                    $"{text} reaches {address}, which amounts to an escape: {how}");
            }
        }

        bool loopback =
            pattern.Name is "localhost" || pattern.Name?.EndsWith(".localhost", StringComparison.Ordinal) == true
            || (pattern.Range is { } range
                && (IPAddress.IsLoopback(range.Network) || range.Network.Equals(IPAddress.Any)));
        if (loopback && pattern.Port is null)
        {
            report.Add(
                Severity.Danger, rule.Source,
                $"{text} reaches every service that the host keeps to itself, which amounts to an escape: many of them "
                + "trust whoever connects from the host",
                "name the port");
        }

        if (pattern.Port is 2375 or 2376 or 10250 or 6443 && (loopback || pattern.Kind == EndpointKind.Addresses))
        {
            report.Add(
                Severity.Danger, rule.Source,
                $"{text} reaches a port of Docker or Kubernetes, which amounts to an escape: it starts containers "
                + "on the host");
        }

        if (rule.Decision == Decision.Allow && !isHeld
            && (pattern.Kind == EndpointKind.AnyName || pattern.Range is { PrefixLength: 0 }))
        {
            report.Add(
                Severity.Warning, rule.Source,
                $"{text} grants the whole internet: what the cell can read, it can send away",
                "name the hosts, or use ask");
        }
    }

    private void CheckEffect(List<NetworkRule> rules, int index)
    {
        var rule = rules[index];
        string name = rule.Pattern.ToString();
        for (int i = 0; i < rules.Count; i++)
        {
            if (i == index || rules[i].Pattern.ToString() != name)
            {
                continue;
            }

            bool loses = i > index ? NetworkRules.Wins(rules[i], rule) : !NetworkRules.Wins(rule, rules[i]);
            if (loses)
            {
                bool same = rules[i].Decision == rule.Decision;
                report.Add(
                    same ? Severity.Information : Severity.Warning, rule.Source,
                    $"{rule.Source.Text} never decides: {rules[i].Source} speaks about the same endpoint"
                    + (rules[i].Decision == Decision.Deny && !same ? ", and a denial wins" : " and is read later"));
                return;
            }
        }

        var broader = rules.Where((r, i) =>
            i != index && r.Pattern.ToString() != name && r.Pattern.Covers(rule.Pattern))
            .OrderByDescending(r => r.Pattern.Specificity).FirstOrDefault();
        bool between = rules.Any(r => r.Decision != rule.Decision && r.Pattern.ToString() != name
            && (r.Pattern.Covers(rule.Pattern) || r.Pattern.Specificity < rule.Pattern.Specificity));
        if (broader is not null && broader.Decision == rule.Decision && !between)
        {
            report.Add(
                Severity.Information, rule.Source,
                $"{rule.Source.Text} changes nothing: {broader.Source} says the same already");
        }
        else if (broader is null && rule.Decision == Decision.Deny && !rules.Any(r => r.Decision != Decision.Deny))
        {
            report.Add(
                Severity.Information, rule.Source,
                $"{rule.Source.Text} changes nothing: what no rule grants is denied");
        }
    }
}
