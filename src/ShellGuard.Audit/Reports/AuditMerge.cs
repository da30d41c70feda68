using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Model;
using ShellGuard.Core;

namespace ShellGuard.Audit.Reports;

/// <summary>Puts audits of several runs together. An access that several runs have is one, which knows its runs; a run
/// that is a merge already comes apart again into its runs.</summary>
public sealed class AuditMerge
{
    /// <summary>Runs in one audit.</summary>
    public const int MaxRuns = 1000;

    /// <summary>Processes of all runs together; more are counted.</summary>
    public const int MaxProcesses = 400_000;

    private readonly List<ImportedInput> _inputs = [];
    private readonly List<AuditRun> _runs = [];
    private readonly List<CoverageReason> _reasons = [];
    private readonly List<UnknownLine> _unknown = [];
    private readonly SortedDictionary<string, SeenCall> _calls = new(StringComparer.Ordinal);
    private readonly List<SeenProcess> _processes = [];
    private readonly SortedDictionary<string, SeenVariable> _variables = new(StringComparer.Ordinal);
    private readonly SortedDictionary<long, string?> _users = [];
    private long _moreProcesses;
    private bool _isOfContainer;
    private readonly long[] _lines = LineCounts.None();
    private readonly Dictionary<AccessIdentity, SeenAccess> _accesses = [];
    private readonly Dictionary<string, IReadOnlyList<int>> _runSets = new(StringComparer.Ordinal);

    /// <param name="files">Audits with the names of their files.</param>
    /// <exception cref="ImportException">There are too many runs.</exception>
    public static ImportResult Of(IEnumerable<NamedAudit> files)
    {
        AuditMerge merge = new();
        foreach (NamedAudit file in files)
        {
            merge.Add(file.Name, file.File);
        }

        return merge.Result();
    }

    /// <summary>The runs that more than one of the audits has: they would be counted twice. By the names of both.</summary>
    public static IEnumerable<(string One, string Other)> Twice(IEnumerable<NamedAudit> files)
    {
        Dictionary<string, string> known = new(StringComparer.Ordinal);
        foreach (NamedAudit file in files)
        {
            foreach (AuditRun run in RunsOf(file.Name, file.File))
            {
                if (!known.TryAdd(run.Sha256, file.Name))
                {
                    yield return (known[run.Sha256], file.Name);
                }
            }
        }
    }

    private static IReadOnlyList<AuditRun> RunsOf(string name, AuditFile file) => file.Result.Runs.Count > 0
        ? file.Result.Runs
        : [new AuditRun(name, file.Sha256, file.Result.Coverage.State, file.Result.Inputs.Count)];

    private void Add(string name, AuditFile file)
    {
        (int firstInput, int firstRun) = (_inputs.Count, _runs.Count);
        ImportResult result = file.Result;
        _inputs.AddRange(result.Inputs);
        _runs.AddRange(RunsOf(name, file));
        if (_runs.Count > MaxRuns)
        {
            throw new ImportException($"more than {MaxRuns} runs");
        }

        foreach (CoverageReason reason in result.Coverage.Reasons)
        {
            _reasons.Add(reason with
            {
                First = Moved(reason.First, firstInput),
                Text = result.Runs.Count > 0 ? reason.Text : $"{SafeText.Of(name, 80)}: {reason.Text}",
            });
        }

        for (int kind = 0; kind < _lines.Length; kind++)
        {
            _lines[kind] += result.Lines[(LineKind)kind];
        }

        foreach (SeenCall call in result.SystemCalls)
        {
            _calls[call.Name] = new SeenCall(call.Name, (_calls.GetValueOrDefault(call.Name)?.Count ?? 0) + call.Count);
        }

        AddProcesses(result, firstInput);
        foreach (SeenVariable variable in result.Environment)
        {
            _variables[variable.Name] = _variables.TryGetValue(variable.Name, out SeenVariable? known)
                ? known with { Count = known.Count + variable.Count, IsGiven = known.IsGiven || variable.IsGiven }
                : variable with { Origin = Moved(variable.Origin, firstInput) };
        }

        // A number that is somebody else on another host is nobody.
        _isOfContainer |= result.IsOfContainer;
        foreach (SeenUser user in result.Users)
        {
            _users[user.Number] = !_users.TryGetValue(user.Number, out string? known) || known == user.Name ? user.Name : null;
        }

        foreach (UnknownLine line in result.Lines.Unknown)
        {
            if (_unknown.Count < LineCounts.MaxListed)
            {
                _unknown.Add(line with { Origin = Moved(line.Origin, firstInput) });
            }
        }

        foreach (SeenAccess seen in result.Accesses)
        {
            Add(seen, firstInput, firstRun);
        }
    }

    /// <summary>Whole runs only: a parent must stand before its children.</summary>
    private void AddProcesses(ImportResult result, int firstInput)
    {
        int first = _processes.Count;
        _moreProcesses += result.MoreProcesses;
        if (first + result.Processes.Count > MaxProcesses)
        {
            _moreProcesses += result.Processes.Count;
            return;
        }

        foreach (SeenProcess process in result.Processes)
        {
            _processes.Add(process with
            {
                Origin = Moved(process.Origin, firstInput),
                Parent = process.Parent < 0 ? -1 : process.Parent + first,
            });
        }
    }

    private void Add(SeenAccess seen, int firstInput, int firstRun)
    {
        AccessIdentity identity = new(seen.Access);
        IReadOnlyList<int> runs = Shared(Moved(seen.Runs, firstRun));
        _accesses[identity] = _accesses.TryGetValue(identity, out SeenAccess? known)
            ? known with
            {
                Count = known.Count + seen.Count,
                Access = known.Access.Resolved is null ? known.Access with { Resolved = seen.Access.Resolved } : known.Access,

                // Within one file two accesses become equal where a name was cut: then the run is known already.
                Runs = known.Runs[^1] >= runs[0] ? known.Runs : Shared([.. known.Runs, .. runs]),
            }
            : seen with { Origin = Moved(seen.Origin, firstInput), Runs = runs };
    }

    private ImportResult Result()
    {
        List<SeenAccess> all = [.. _accesses.Values];
        all.Sort(AccessOrder.Compare);
        CoverageState state = _runs.TrueForAll(run => run.State == CoverageState.Complete) ? CoverageState.Complete
            : _runs.TrueForAll(run => run.State == CoverageState.Failed) ? CoverageState.Failed
            : CoverageState.Partial;
        List<CoverageReason> reasons = [.. _reasons.OrderBy(reason => (int)reason.Problem)];
        return new ImportResult(
            _inputs, LineCounts.Restore(_lines, _unknown), new CoverageVerdict(state, reasons), all)
        {
            Runs = _runs,
            SystemCalls = [.. _calls.Values],
            Processes = _processes,
            MoreProcesses = _moreProcesses,
            Users = [.. _users.Where(user => user.Value is not null).Select(user => new SeenUser(user.Key, user.Value!))],
            IsOfContainer = _isOfContainer,
            Environment = [.. _variables.Values.Take(EnvironmentNames.MaxNames)],
        };
    }

    private IReadOnlyList<int> Shared(IReadOnlyList<int> runs)
    {
        string key = string.Join(' ', runs);
        if (!_runSets.TryGetValue(key, out IReadOnlyList<int>? known))
        {
            _runSets.Add(key, known = runs);
        }

        return known;
    }

    private static int[] Moved(IReadOnlyList<int> runs, int first)
    {
        int[] moved = new int[Math.Max(1, runs.Count)];
        for (int index = 0; index < moved.Length; index++)
        {
            moved[index] = first + (runs.Count == 0 ? 0 : runs[index]);
        }

        return moved;
    }

    private static Origin Moved(Origin origin, int inputs) =>
        origin.Line > 0 ? origin with { Input = origin.Input + inputs } : origin;
}
