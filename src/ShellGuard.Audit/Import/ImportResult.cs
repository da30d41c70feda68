using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Import;

/// <summary>What recordings say.</summary>
/// <param name="Inputs">What was read.</param>
/// <param name="Lines">Their lines by kind.</param>
/// <param name="Coverage">How far they can be relied on.</param>
/// <param name="Accesses">The distinct accesses, in an order that is the same for the same inputs.</param>
public sealed record ImportResult(
    IReadOnlyList<ImportedInput> Inputs, LineCounts Lines, CoverageVerdict Coverage, IReadOnlyList<SeenAccess> Accesses)
{
    /// <summary>The runs that were merged; empty where it is one run.</summary>
    public IReadOnlyList<AuditRun> Runs { get; init; } = [];

    /// <summary>Every system call that was seen by its name, with how often; empty where the recording has none.
    /// </summary>
    public IReadOnlyList<SeenCall> SystemCalls { get; init; } = [];
}
