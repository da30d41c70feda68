using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ShellGuard.Policy.Presets;

/// <summary>The policies that are built in.</summary>
public static class PolicyPresets
{
    private const string Prefix = "preset:";

    /// <summary>Their names, the default first.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["default", "agent", "admin", "dead", "customer-data", "agent-trifecta", "chinese-wall"];

    /// <summary>The name under which a preset stands in <see cref="Core.RuleSource.File"/>.</summary>
    public static string SourceName(string preset) => Prefix + preset;

    /// <summary>Whether a rule's file is a preset.</summary>
    public static bool IsPreset(string file) => file.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The text of a preset.</summary>
    public static bool TryRead(string name, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (!Names.Contains(name, StringComparer.Ordinal))
        {
            return false;
        }

        using var stream = typeof(PolicyPresets).Assembly.GetManifestResourceStream($"{Prefix}{name}")
            ?? throw new InvalidOperationException($"the preset {name} is not in the assembly");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        text = reader.ReadToEnd();
        return true;
    }
}
