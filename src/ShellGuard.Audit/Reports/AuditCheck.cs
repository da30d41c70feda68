using ShellGuard.Audit.Import;
using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Reports;

/// <summary>What checking an audit and its recordings found.</summary>
/// <param name="Name">The audit's file as it was named.</param>
/// <param name="Read">What reading it came to.</param>
/// <param name="Inputs">Its recordings and what became of them; empty where the audit is not good.</param>
/// <param name="Runs">The audits that it was merged from and what became of them; empty where it is no merge.</param>
public sealed record AuditCheck(
    string Name, AuditFileResult Read, IReadOnlyList<CheckedInput> Inputs, IReadOnlyList<CheckedRun> Runs)
{
    /// <summary>The audit is whole, and nothing that is there of what it was made from is another one.</summary>
    public bool IsGood => Read.File is not null
        && Inputs.All(input => input.State is not (InputState.Changed or InputState.Unreadable))
        && Runs.All(run => run.State is not (InputState.Changed or InputState.Unreadable));

    public static AuditCheck Of(string name, AuditFileResult read)
    {
        ArgumentNullException.ThrowIfNull(read);
        List<CheckedInput> inputs = [];
        foreach (ImportedInput input in read.File?.Result.Inputs ?? [])
        {
            inputs.Add(new CheckedInput(input, InputCheck.Of(input)));
        }

        List<CheckedRun> runs = [];
        foreach (AuditRun run in read.File?.Result.Runs ?? [])
        {
            runs.Add(new CheckedRun(run, RunCheck.Of(run)));
        }

        return new AuditCheck(name, read, inputs, runs);
    }
}

/// <summary>The audit of a run, and what became of it.</summary>
public sealed record CheckedRun(AuditRun Run, InputState State);

/// <summary>A recording, and what became of it.</summary>
public sealed record CheckedInput(ImportedInput Input, InputState State);
