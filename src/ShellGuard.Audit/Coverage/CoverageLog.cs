using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Coverage;

/// <summary>Collects what is missing while a recording is read.</summary>
internal sealed class CoverageLog
{
    private readonly SortedDictionary<CoverageProblem, (long Count, Origin First, string? Detail)> _problems = [];

    public void Note(CoverageProblem problem, Origin where, long count = 1, string? detail = null) =>
        _problems[problem] = _problems.TryGetValue(problem, out var known)
            ? (known.Count + count, known.First, known.Detail)
            : (count, where, detail);

    public bool Has(CoverageProblem problem) => _problems.ContainsKey(problem);

    public CoverageVerdict Judge()
    {
        List<CoverageReason> reasons =
        [
            .. _problems.Select(problem => new CoverageReason(
                problem.Key, problem.Value.Count, problem.Value.First,
                CoverageText.Of(problem.Key, problem.Value.Count, problem.Value.Detail))),
        ];
        CoverageState state = reasons.Count == 0 ? CoverageState.Complete
            : Has(CoverageProblem.NoEvents) || Has(CoverageProblem.OnlySummary) || Has(CoverageProblem.NoPayload) ? CoverageState.Failed
            : CoverageState.Partial;
        return new CoverageVerdict(state, reasons);
    }
}
