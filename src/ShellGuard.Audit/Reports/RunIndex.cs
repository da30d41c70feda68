using ShellGuard.Audit.Import;
using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Reports;

/// <summary>Which run a process is of.</summary>
internal sealed class RunIndex
{
    private readonly int[] _runs;

    public RunIndex(ImportResult result)
    {
        Count = Math.Max(1, result.Runs.Count);
        _runs = new int[result.Inputs.Count];
        int input = 0;
        for (int run = 0; run < result.Runs.Count; run++)
        {
            for (int own = 0; own < result.Runs[run].Inputs && input < _runs.Length; own++)
            {
                _runs[input++] = run;
            }
        }
    }

    /// <summary>How many runs there are; 1 where nothing was merged.</summary>
    public int Count { get; }

    /// <summary>Place of the run, from 0.</summary>
    public int this[SeenProcess process] => process.Origin.Input < _runs.Length ? _runs[process.Origin.Input] : 0;
}
