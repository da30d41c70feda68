using ShellGuard.Policy.Model;

namespace ShellGuard.Policy.Evaluation;

/// <summary>What the rules say about one path. The planner may lower rules as it likes; this is what it must amount
/// to.</summary>
/// <param name="Mode">Null when no rule speaks about the path: it is not shown.</param>
/// <param name="Rule">The rule that decided; null with <paramref name="Mode"/>.</param>
public sealed record PathDecision(PathMode? Mode, PathRule? Rule)
{
    /// <summary>Decides about an absolute, normalised path: the longest rule wins, of the same path the later one. A
    /// glob that matches the path or a directory above it hides it, unless a rule without wildcards of the same or a
    /// later source names exactly what the glob matched, or something beneath it on the way to the path.</summary>
    public static PathDecision Of(IReadOnlyList<PathRule> rules, string path)
    {
        PathRule? best = null;
        int bestIndex = -1;
        for (int i = 0; i < rules.Count; i++)
        {
            var rule = rules[i];
            if (!rule.IsGlob && PathText.IsAtOrBeneath(path, rule.Path)
                && (best is null || rule.Path.Length >= best.Path.Length))
            {
                best = rule;
                bestIndex = i;
            }
        }

        for (int i = rules.Count - 1; i >= 0; i--)
        {
            if (rules[i].IsGlob && Hides(rules[i], i, best, bestIndex, path))
            {
                return new PathDecision(PathMode.Hidden, rules[i]);
            }
        }

        return new PathDecision(best?.Mode, best);
    }

    private static bool Hides(PathRule glob, int globIndex, PathRule? best, int bestIndex, string path)
    {
        if (!Glob.TryParse(glob.Path, out var pattern, out _))
        {
            // Unknown means hidden; a loaded policy has no such rule.
            return true;
        }

        // The longest rule is the only one that can stand at or beneath what the glob matched and win. The deepest
        // match counts: a hole in a hidden directory does not uncover what another match hides inside the hole.
        if (FindDeepestMatch(pattern, path) is not { } matched)
        {
            return false;
        }

        bool holds = best is not null && PathText.IsAtOrBeneath(best.Path, matched)
            && (best.Source.File == glob.Source.File || bestIndex > globIndex);
        return !holds;
    }

    private static string? FindDeepestMatch(Glob pattern, string path)
    {
        for (string at = path; at.Length > 1; at = at[..Math.Max(1, at.LastIndexOf('/'))])
        {
            if (pattern.IsMatch(at))
            {
                return at;
            }
        }

        return null;
    }
}
