using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Import;

/// <summary>What recordings say, and how far they can be relied on, once all of them are read.</summary>
internal static class ImportConclusion
{
    public static ImportResult Of(
        IReadOnlyList<ImportedInput> inputs, AccessTable table, CoverageLog coverage, LineCounts counts)
    {
        if (counts[LineKind.Unknown] > 0)
        {
            coverage.Note(CoverageProblem.UnknownLines, counts.Unknown[0].Origin, counts[LineKind.Unknown]);
        }

        if (table.Dropped > 0)
        {
            coverage.Note(CoverageProblem.TooManyAccesses, default, table.Dropped);
        }

        if (counts.Events == 0)
        {
            coverage.Note(
                counts[LineKind.Summary] > 0 ? CoverageProblem.OnlySummary : CoverageProblem.NoEvents, default);
        }

        return new ImportResult(inputs, counts, coverage.Judge(), table.ToList())
        {
            SystemCalls = table.Calls.ToList(),
            Processes = table.Processes(),
            MoreProcesses = table.Lives.Dropped,
            Environment = table.Environment.ToList(),
            IsOfContainer = table.OnlyPayload,
        };
    }
}
