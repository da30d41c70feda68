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

    /// <summary>Processes in the order in which they began; empty where the recording does not show beginnings.</summary>
    public IReadOnlyList<SeenProcess> Processes { get; init; } = [];

    /// <summary>Processes that were seen and are not in <see cref="Processes"/>, because there were too many.</summary>
    public long MoreProcesses { get; init; }

    /// <summary>Names of variables that programs were given; empty where the recording has none.</summary>
    public IReadOnlyList<SeenVariable> Environment { get; init; } = [];

    /// <summary>Names of users, ascending by number; only what recorded on its own host knows them.</summary>
    public IReadOnlyList<SeenUser> Users { get; init; } = [];

    /// <summary>Paths, users and groups are those of a container, which this host's files of the same names are not.
    /// </summary>
    public bool IsOfContainer { get; init; }
}
