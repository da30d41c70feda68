using System.Globalization;
using ShellGuard.Core;
using ShellGuard.Policy.Model;
using ShellGuard.Policy.Walls;

namespace ShellGuard.Policy.Evaluation;

/// <summary>One line of an effective policy.</summary>
/// <param name="Key">As in a policy file, for example <c>files.hide</c>; print it by <see cref="ShellGuard.Core.SafeText"/>.</param>
/// <param name="Value">As in a policy file, resolved; print it by <see cref="ShellGuard.Core.SafeText"/>.</param>
/// <param name="Source">Where it was written.</param>
public sealed record PolicyLine(string Key, string Value, RuleSource Source);

/// <summary>Shows an effective policy with where each rule came from.</summary>
public static class PolicyText
{
    /// <summary>What each mode of a path is called.</summary>
    internal static IReadOnlyList<(PathMode Mode, string Key)> Modes { get; } =
    [
        (PathMode.ReadOnly, "read-only"), (PathMode.CopyOnWrite, "copy-on-write"),
        (PathMode.Direct, "direct"), (PathMode.Hidden, "hide"),
    ];

    /// <summary>All lines, grouped by key in the order of the reference; within a key earlier sources first.</summary>
    public static IReadOnlyList<PolicyLine> Show(EffectivePolicy policy)
    {
        var lines = new List<PolicyLine>();
        foreach (var (mode, key) in Modes)
        {
            lines.AddRange(policy.Paths.Where(p => p.Mode == mode)
                .Select(p => new PolicyLine($"files.{key}", p.IsGlob ? p.Path : Glob.Quote(p.Path), p.Source)));
        }

        if (NetworkRules.Of(policy.Network) is { } network)
        {
            foreach (var (decision, key) in new[]
            {
                (Decision.Allow, "allow"), (Decision.Ask, "ask"), (Decision.Deny, "deny"),
            })
            {
                lines.AddRange(network.Rules.Where(r => r.Decision == decision)
                    .Select(r => new PolicyLine($"network.{key}", r.Pattern.ToString(), r.Source)));
            }
        }

        AddEnvironment(lines, policy.Environment);
        AddSettings(lines, policy);
        lines.AddRange(policy.Walls is { } walls ? WallLines.Of(walls) : []);
        return lines;
    }

    private static void AddEnvironment(List<PolicyLine> lines, EnvironmentRules rules)
    {
        lines.AddRange(rules.Pass.Select(n => new PolicyLine("environment.pass", n, rules.Sources[$"pass {n}"])));
        lines.AddRange(
            rules.Withhold.Select(n => new PolicyLine("environment.withhold", n, rules.Sources[$"withhold {n}"])));
        lines.AddRange(
            rules.Set.Select(s =>
                new PolicyLine("environment.set", $"{s.Key}={s.Value}", rules.Sources[$"set {s.Key}"])));
    }

    private static void AddSettings(List<PolicyLine> lines, EffectivePolicy policy)
    {
        var limits = policy.Limits;
        Add("limits.memory", limits.MemoryBytes is { } memory ? ValueText.WriteSize(memory) : null);
        Add("limits.processes", limits.Processes?.ToString(CultureInfo.InvariantCulture));
        Add("limits.cpu", limits.CpuPercent is { } cpu ? $"{cpu}%" : null);
        Add("limits.wall-time", limits.WallTime is { } wall ? ValueText.Write(wall) : null);
        Add("limits.open-files", limits.OpenFiles?.ToString(CultureInfo.InvariantCulture));
        Add("limits.layer", limits.LayerBytes is { } layer ? ValueText.WriteSize(layer) : null);
        Add("session.ask-timeout", ValueText.Write(policy.Session.AskTimeout));
        Add("session.record", policy.Session.Record ? "true" : "false");
        Add("session.record-input", policy.Session.RecordInput ? "true" : "false");
        Add("session.explain-reads", policy.Session.ExplainReads ? "true" : "false");

        void Add(string key, string? value)
        {
            string name = key[(key.IndexOf('.') + 1)..];
            var sources = key.StartsWith("limits", StringComparison.Ordinal) ? limits.Sources : policy.Session.Sources;
            if (value is not null)
            {
                var builtIn = new RuleSource("built in", 0, 0, $"{name} = {value}");
                lines.Add(new PolicyLine(key, value, sources.GetValueOrDefault(name) ?? builtIn));
            }
        }
    }
}
