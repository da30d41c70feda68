using System.Globalization;
using System.Runtime.InteropServices;
using ShellGuard.Policy.Evaluation;

namespace ShellGuard.Leash.Configuration;

/// <summary>At most so many runs within a time.</summary>
/// <param name="Runs">At least 1.</param>
/// <param name="Window">At least a second.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RateLimit(int Runs, TimeSpan Window)
{
    /// <summary>The most runs that a limit may allow: each of them is remembered.</summary>
    public const int MaximumRuns = 1000;

    /// <summary>Reads <c>10/1m</c>; null for what is none.</summary>
    public static RateLimit? Parse(string text)
    {
        string[] parts = text.Split('/');
        return parts.Length == 2
            && int.TryParse(parts[0].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int runs)
            && runs is >= 1 and <= MaximumRuns
            && ValueText.Duration(parts[1]) is { } window
                ? new RateLimit(runs, window)
                : null;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Runs}/{ValueText.Write(Window)}");
}
