using System.Globalization;

namespace ShellGuard.Cells.Verification;

/// <summary>Finds out which of the proposed capabilities a command needs, by running it without each of them.</summary>
/// <param name="run">Runs the command with these capabilities and no others.</param>
public sealed class Ablation(Func<IReadOnlyList<string>, AblationRun> run)
{
    /// <summary>How often the command is run for so many capabilities, at most.</summary>
    public static int MostRuns(int capabilities) => capabilities + 2;

    /// <summary>Runs it with all of them twice, and then without each in turn. One that is not needed stays out of the runs
    /// that follow, because two can stand in for each other: what is left is enough.</summary>
    /// <param name="capabilities">Their names, those that one would rather not give first.</param>
    /// <param name="status">The exit status that is right; null for whatever it is with all of them.</param>
    public IReadOnlyList<AblationFinding> Of(IReadOnlyList<string> capabilities, int? status)
    {
        AblationRun all = run(capabilities);
        AblationRun again = run(capabilities);
        string? undecided =
            status is { } right && all.Status != right ? $"with all of them it ends with status {all.Status}, not {right}"
            : !all.IsWhole ? "it writes more than is compared"
            : Difference(all, again) is { } unsteady ? $"two runs with all of them differ: {unsteady}"
            : null;
        if (undecided is not null)
        {
            return [.. capabilities.Select(name => new AblationFinding(name, AblationVerdict.Undecided, undecided))];
        }

        List<AblationFinding> findings = [];
        List<string> left = [.. capabilities];
        foreach (string name in capabilities)
        {
            AblationFinding finding = FindingOf(name, all, run([.. left.Where(other => other != name)]));
            findings.Add(finding);
            if (finding.Verdict == AblationVerdict.NotNeeded)
            {
                left.Remove(name);
            }
        }

        return findings;
    }

    /// <summary>How a run differs from the one that counts; null where it does not.</summary>
    public static string? Difference(AblationRun expected, AblationRun seen)
    {
        List<string> differences = [];
        if (seen.Status != expected.Status)
        {
            differences.Add($"status {seen.Status}, not {expected.Status}");
        }

        if (!seen.IsWhole)
        {
            differences.Add("more output than is compared");
        }
        else if (OutputComparison.Of(expected.Output, seen.Output) is { IsSame: false } output)
        {
            differences.Add(string.Create(CultureInfo.InvariantCulture, $"output: {output.Missing.Count} lines missing, {output.Added.Count} new"));
        }

        return differences.Count == 0 ? null : string.Join("; ", differences);
    }

    private static AblationFinding FindingOf(string name, AblationRun all, AblationRun without)
    {
        HashSet<string> known = new(all.Denials.Select(OutputComparison.Normalise), StringComparer.Ordinal);
        List<string> denials = [.. without.Denials.Where(denial => !known.Contains(OutputComparison.Normalise(denial)))];
        string denied = denials.Count == 0 ? "" : $"{denials[0]}{(denials.Count > 1 ? $", and {denials.Count - 1} more" : "")}";
        return Difference(all, without) is { } difference
                ? new AblationFinding(name, AblationVerdict.Needed, difference + (denied.Length > 0 ? $"; {denied}" : ""))
            : denied.Length > 0 ? new AblationFinding(name, AblationVerdict.OnlyDenied, $"same status and output; {denied}")
            : new AblationFinding(name, AblationVerdict.NotNeeded, "same status, output and denials");
    }
}
