using ShellGuard.Audit.Import;

namespace ShellGuard.Audit.Reports;

/// <summary>What checking an audit and its recordings found.</summary>
/// <param name="Name">The audit's file as it was named.</param>
/// <param name="Read">What reading it came to.</param>
/// <param name="Inputs">Its recordings and what became of them; empty where the audit is not good.</param>
public sealed record AuditCheck(
    string Name, AuditFileResult Read, IReadOnlyList<CheckedInput> Inputs)
{
    /// <summary>The audit is whole, and no recording that is there is another one.</summary>
    public bool IsGood => Read.File is not null
        && Inputs.All(input => input.State is not (InputState.Changed or InputState.Unreadable));

    public static AuditCheck Of(string name, AuditFileResult read)
    {
        ArgumentNullException.ThrowIfNull(read);
        List<CheckedInput> inputs = [];
        foreach (ImportedInput input in read.File?.Result.Inputs ?? [])
        {
            inputs.Add(new CheckedInput(input, InputCheck.Of(input)));
        }

        return new AuditCheck(name, read, inputs);
    }
}

/// <summary>A recording, and what became of it.</summary>
public sealed record CheckedInput(ImportedInput Input, InputState State);
