using ShellGuard.Audit.Import;
using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Reports.Findings;

/// <summary>The processes of one run against its time.</summary>
internal sealed class Timeline
{
    private Timeline(int run, TraceClock clock, IReadOnlyList<TimelineRow> rows)
    {
        (Run, Clock, Rows) = (run, clock, rows);
        Start = rows.Min(row => row.Seen.Start!.Value);
        Length = rows.Max(row => row.Seen.End ?? row.Seen.Start!.Value) - Start;
        Steps = Counted();
        Peak = Steps.Max(step => step.Alive);
    }

    /// <summary>Place of the run, from 0.</summary>
    public int Run { get; }

    public TraceClock Clock { get; }

    /// <summary>Microseconds on the clock of the recording.</summary>
    public long Start { get; }

    /// <summary>Microseconds from the first beginning to the last end.</summary>
    public long Length { get; }

    /// <summary>In the order in which they began.</summary>
    public IReadOnlyList<TimelineRow> Rows { get; }

    /// <summary>How many processes lived from when on.</summary>
    public IReadOnlyList<TimelineStep> Steps { get; }

    /// <summary>How many processes lived at once.</summary>
    public int Peak { get; }

    /// <summary>One for each run that has times.</summary>
    public static IReadOnlyList<Timeline> Of(ImportResult result)
    {
        SortedDictionary<int, List<TimelineRow>> runs = [];
        RunIndex index = new(result);
        for (int place = 0; place < result.Processes.Count; place++)
        {
            SeenProcess process = result.Processes[place];
            if (process.Start is not null && ClockOf(result, process) != TraceClock.None)
            {
                int run = index[process];
                if (!runs.TryGetValue(run, out List<TimelineRow>? rows))
                {
                    runs.Add(run, rows = []);
                }

                // One clock for each run: what has another one stands nowhere on it.
                if (rows.Count == 0 || ClockOf(result, rows[0].Seen) == ClockOf(result, process))
                {
                    rows.Add(new TimelineRow(process, NameOf(result, place, out bool isFork), isFork));
                }
            }
        }

        List<Timeline> all = [];
        foreach (int run in runs.Keys)
        {
            all.Add(new Timeline(run, ClockOf(result, runs[run][0].Seen), [.. runs[run].OrderBy(row => row.Seen.Start)]));
        }

        return all;
    }

    /// <summary>Those that lasted longest, in the order in which they began.</summary>
    public IReadOnlyList<TimelineRow> Longest(int most) =>
        [.. Rows.OrderByDescending(Lasted).Take(most).OrderBy(row => row.Seen.Start)];

    /// <summary>Microseconds; to the end of the recording where its own end was not seen.</summary>
    public long Lasted(TimelineRow row) => (row.Seen.End ?? (Start + Length)) - row.Seen.Start!.Value;

    private static TraceClock ClockOf(ImportResult result, SeenProcess process) =>
        process.Origin.Input < result.Inputs.Count ? result.Inputs[process.Origin.Input].Clock : TraceClock.None;

    /// <summary>The program that it ran last; of a process that executed nothing that of its nearest ancestor that did.
    /// </summary>
    private static RanProgram? NameOf(ImportResult result, int index, out bool isFork)
    {
        isFork = result.Processes[index].Programs.Count == 0;
        while (index >= 0 && result.Processes[index].Programs.Count == 0)
        {
            index = result.Processes[index].Parent;
        }

        return index < 0 ? null : result.Processes[index].Programs[^1];
    }

    private List<TimelineStep> Counted()
    {
        List<(long Time, int Change)> changes = [];
        foreach (TimelineRow row in Rows)
        {
            changes.Add((row.Seen.Start!.Value - Start, 1));
            changes.Add((row.Seen.Start.Value - Start + Lasted(row), -1));
        }

        // At the same moment who begins is there before who ends is gone: so somebody who lasts no time counts, too.
        changes.Sort((left, right) => left.Time != right.Time ? left.Time.CompareTo(right.Time) : right.Change.CompareTo(left.Change));
        List<TimelineStep> steps = [];
        int alive = 0;
        foreach ((long time, int change) in changes)
        {
            alive += change;
            steps.Add(new TimelineStep(time, alive));
        }

        return steps;
    }
}

/// <summary>A process on a time line.</summary>
/// <param name="Program">What it ran; null where that was not seen.</param>
/// <param name="IsFork">It executed nothing and goes on with the program of who started it.</param>
internal sealed record TimelineRow(SeenProcess Seen, RanProgram? Program, bool IsFork);

/// <summary>From when on how many processes lived.</summary>
/// <param name="Time">Microseconds from the start.</param>
internal sealed record TimelineStep(long Time, int Alive);
