using ShellGuard.Core;
using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Model;
using ShellGuard.Policy.Presets;

namespace ShellGuard.Policy.Evaluation;

/// <summary>Folds layers into one policy.</summary>
internal static class LayerCombiner
{
    public static EffectivePolicy Combine(
        IReadOnlyList<PolicyLayer> layers, PolicyContext context, List<Diagnostic> diagnostics)
    {
        List<string> files = [.. layers.Select(l => l.File)];
        files.RemoveAll(file => file == RuleSource.CommandLine("").File);
        string name = files.Count == 0 ? "" : files[^1];
        string shown = PolicyPresets.IsPreset(name) ? name[PolicyPresets.SourceName("").Length..] : name;
        return new EffectivePolicy(
            shown,
            CombinePaths(layers, context, diagnostics),
            new NetworkRules([.. layers.SelectMany(l => l.Network)], name),
            CombineEnvironment(layers),
            CombineLimits(layers))
        {
            Session = CombineSession(layers),
            Chain = files,
        };
    }

    private static List<PathRule> CombinePaths(
        IReadOnlyList<PolicyLayer> layers, PolicyContext context, List<Diagnostic> diagnostics)
    {
        var rules = new List<PathRule>();
        foreach (var layer in layers)
        {
            bool isPreset = PolicyPresets.IsPreset(layer.File);
            var here = new List<LayerPath>();
            foreach (var path in layer.Paths)
            {
                if (isPreset && path.Written is "." or "~" && path.Rule.Path == "/")
                {
                    // A daemon's home, or a shell that stands at the top: not a wish to change the whole host.
                    Dropped(path.Rule, $"{path.Written} is / here: it stays as the rules about / say");
                }
                else if (isPreset && path.Written == ".")
                {
                    here.Add(path);
                }
                else
                {
                    Add(rules, path.Rule);
                }
            }

            foreach (var path in here)
            {
                // Standing inside a secret is not a wish to hand it over. Judged against everything but itself.
                if (PathDecision.Of(rules, context.WorkingDirectory) is { Mode: PathMode.Hidden, Rule: { } hide })
                {
                    Dropped(path.Rule, $"the working directory stays hidden by {hide.Source}");
                }
                else
                {
                    Add(rules, path.Rule);
                }
            }
        }

        return rules;

        void Dropped(PathRule rule, string message) => diagnostics.Add(new Diagnostic(
            Severity.Warning, rule.Source.File, rule.Source.Line, rule.Source.Column,
            Math.Max(1, rule.Source.Text.Length - rule.Source.Text.LastIndexOf(' ') - 1), message,
            $"name it to have it: --cow {ShellQuote.Quote(context.WorkingDirectory)}"));
    }

    /// <summary>Adds a rule; what it overrides is gone.</summary>
    private static void Add(List<PathRule> rules, PathRule rule)
    {
        rules.RemoveAll(r => r.Path == rule.Path && r.IsGlob == rule.IsGlob);
        rules.Add(rule);
    }

    private static EnvironmentRules CombineEnvironment(IReadOnlyList<PolicyLayer> layers)
    {
        var pass = new List<string>();
        var withhold = new List<string>();
        var set = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var sources = new Dictionary<string, RuleSource>(StringComparer.Ordinal);
        foreach (var layer in layers)
        {
            foreach (var entry in layer.Withhold)
            {
                Move(entry, withhold, pass, "withhold", "pass");
                foreach (string name in set.Keys.Where(n => EnvironmentRules.Matches(entry.Value, n)).ToList())
                {
                    set.Remove(name);
                    sources.Remove($"set {name}");
                }
            }

            foreach (var entry in layer.Pass)
            {
                Move(entry, pass, withhold, "pass", "withhold");
            }

            foreach (var entry in layer.Set)
            {
                set[entry.Value.Key] = entry.Value.Value;
                sources[$"set {entry.Value.Key}"] = entry.Source;
            }
        }

        return new EnvironmentRules(pass, set) { Withhold = withhold, Sources = sources };

        // A later source that names exactly what an earlier one said the other way round wins.
        void Move(LayerEntry<string> entry, List<string> to, List<string> from, string word, string other)
        {
            if (from.Remove(entry.Value))
            {
                sources.Remove($"{other} {entry.Value}");
            }

            to.Remove(entry.Value);
            to.Add(entry.Value);
            sources[$"{word} {entry.Value}"] = entry.Source;
        }
    }

    private static Limits CombineLimits(IReadOnlyList<PolicyLayer> layers)
    {
        var found = Settings(layers, "limits");
        return new Limits(
            (long?)Value("memory"), (int?)Value("processes"), (int?)Value("cpu"), (TimeSpan?)Value("wall-time"),
            (int?)Value("open-files"), (long?)Value("layer"),
            found.Where(s => s.Value.Value is not null)
                .ToDictionary(s => s.Key, s => s.Value.Source, StringComparer.Ordinal));

        object? Value(string key) => found.GetValueOrDefault(key)?.Value;
    }

    private static SessionRules CombineSession(IReadOnlyList<PolicyLayer> layers)
    {
        var found = Settings(layers, "session");
        var builtIn = SessionRules.BuiltIn;
        return new SessionRules(
            (TimeSpan?)Value("ask-timeout") ?? builtIn.AskTimeout,
            (bool?)Value("record") ?? builtIn.Record,
            (bool?)Value("record-input") ?? builtIn.RecordInput,
            (bool?)Value("explain-reads") ?? builtIn.ExplainReads,
            found.ToDictionary(s => s.Key, s => s.Value.Source, StringComparer.Ordinal));

        object? Value(string key) => found.GetValueOrDefault(key)?.Value;
    }

    /// <summary>The last word on each key of a table, by the key without its table.</summary>
    private static Dictionary<string, LayerEntry<object?>> Settings(IReadOnlyList<PolicyLayer> layers, string table)
    {
        var found = new Dictionary<string, LayerEntry<object?>>(StringComparer.Ordinal);
        foreach (var (key, entry) in layers.SelectMany(l => l.Settings))
        {
            if (key.StartsWith(table + ".", StringComparison.Ordinal))
            {
                found[key[(table.Length + 1)..]] = entry;
            }
        }

        return found;
    }
}
