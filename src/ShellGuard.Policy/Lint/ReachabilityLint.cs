using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;
using ShellGuard.Policy.Presets;

namespace ShellGuard.Policy.Lint;

/// <summary>Finds rules about paths that never decide or change nothing. Presets are spared: they are made to be
/// overridden.</summary>
internal sealed class ReachabilityLint(PolicyResult result, EffectivePolicy policy, LintReport report)
{
    // Comparing each rule with all others is quadratic; a policy with more rules is generated, not written.
    private const int MaximumRules = 500;

    public void Check()
    {
        var own = result.Layers.Where(l => !PolicyPresets.IsPreset(l.File)).SelectMany(l => l.Paths).ToList();
        if (own.Count > MaximumRules)
        {
            return;
        }

        foreach (var path in own)
        {
            var rule = path.Rule;
            int index = IndexOf(rule);
            if (index < 0)
            {
                Overridden(rule);
            }
            else if (!rule.IsGlob)
            {
                CheckEffect(rule, index);
            }
        }
    }

    private void Overridden(PathRule rule)
    {
        var winner = policy.Paths.FirstOrDefault(p => p.Path == rule.Path && p.IsGlob == rule.IsGlob);
        if (winner is null)
        {
            return;
        }

        bool sameFile = winner.Source.File == rule.Source.File;
        report.Add(
            sameFile && winner.Mode != rule.Mode ? Severity.Warning : Severity.Information, rule.Source,
            $"{rule.Source.Text} never decides: {winner.Source} names the same path and is read later");
    }

    private void CheckEffect(PathRule rule, int index)
    {
        var decision = PathDecision.Of(policy.Paths, rule.Path);
        if (!ReferenceEquals(decision.Rule, rule) && decision.Rule is { } winner)
        {
            report.Add(
                Severity.Warning, rule.Source,
                $"{rule.Source.Text} never decides: the path is hidden by {winner.Source}",
                "move it to a later source, or make the wildcard narrower");
            return;
        }

        var others = policy.Paths.Where((_, i) => i != index).ToList();
        var without = PathDecision.Of(others, rule.Path);
        bool holdsBack = policy.Paths.Any(p => p.IsGlob) && rule.Mode != PathMode.Hidden;
        if (without.Mode == rule.Mode && !holdsBack)
        {
            report.Add(
                Severity.Information, rule.Source,
                $"{rule.Source.Text} changes nothing: {without.Rule!.Source} says the same already");
        }

        if (rule.Mode == PathMode.Hidden)
        {
            CheckHoles(rule);
        }
    }

    /// <summary>Who hides a directory seldom means that an earlier source keeps a part of it in view.</summary>
    private void CheckHoles(PathRule hide)
    {
        foreach (var hole in policy.Paths)
        {
            if (hole.Mode != PathMode.Hidden && hole.Path != hide.Path && hole.Source.File != hide.Source.File
                && PathText.IsAtOrBeneath(hole.Path, hide.Path))
            {
                report.Add(
                    Severity.Warning, hide.Source,
                    $"{hide.Source.Text} leaves {hole.Path} in view: {hole.Source} is more specific",
                    $"hide {hole.Path} as well");
            }
        }
    }

    private int IndexOf(PathRule rule)
    {
        for (int i = 0; i < policy.Paths.Count; i++)
        {
            if (ReferenceEquals(policy.Paths[i], rule))
            {
                return i;
            }
        }

        return -1;
    }
}
