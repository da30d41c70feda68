using ShellGuard.Cells.Jobs;
using ShellGuard.Cells.Planning;
using ShellGuard.Cells.Sessions;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cells.Pipelines;

/// <summary>A pipeline as the one job of a cell: real pipes between its stages, each executed from a descriptor that was
/// checked outside, one view, one network and one set of limits for all of them.</summary>
internal sealed class CellPipeline : IDisposable
{
    private const int SOCK_SEQPACKET = 5;

    private static readonly ProcessUsage Nothing = new(TimeSpan.Zero, TimeSpan.Zero, 0);

    private readonly CellPlan _plan;
    private readonly IReadOnlyList<PipelineStage> _stages;
    private readonly IReadOnlyList<string> _environment;
    private readonly string _directory;
    private readonly Porter _porter;
    private readonly StageEnd?[] _ends;
    private IReadOnlyList<int> _processes = [];
    private bool _inForeground;

    /// <param name="plan">A plan for jobs.</param>
    /// <param name="stages">Stay the caller's.</param>
    /// <param name="environment">As the policy makes it.</param>
    /// <param name="directory">Where it runs, as the cell sees it.</param>
    public CellPipeline(
        CellPlan plan, IReadOnlyList<PipelineStage> stages, IReadOnlyList<string> environment, string directory)
    {
        Sockets.CreatePair(SOCK_SEQPACKET, out Descriptor ours, out Descriptor theirs).OrThrow();
        _plan = plan;
        _stages = stages;
        _environment = environment;
        _directory = directory;
        _porter = new Porter(plan, ours);
        _ends = new StageEnd?[stages.Count];
        CellEnd = theirs;
    }

    /// <summary>The cell's end of the socket over which the job comes.</summary>
    public Descriptor CellEnd { get; }

    /// <summary>The stages that ended, in their order; one that was killed with the cell is killed by that signal.</summary>
    public IReadOnlyList<StageEnd> Ends =>
        [.. _ends.Select(end => end ?? new StageEnd(new ProcessExit(128 + SIG.KILL, SIG.KILL), Nothing))];

    /// <summary>Starts it in the cell, which waits for it.</summary>
    /// <param name="inForeground">Whether it gets what is typed.</param>
    /// <exception cref="SessionException">It could not be started.</exception>
    public void Start(bool inForeground)
    {
        CellEnd.Dispose();
        _inForeground = inForeground;
        List<Descriptor> own = [];
        try
        {
            LinuxResult started = _porter.Start(JobStages(own), inForeground, out _processes, out string? problem);
            if (started.Failed || problem is not null)
            {
                throw new SessionException(
                    $"the pipeline could not be started: {problem ?? started.ToString()}", SessionException.NotExecutable);
            }
        }
        finally
        {
            // The stages have theirs; who reads from a pipe sees its end only when nobody else can write to it.
            own.ForEach(descriptor => descriptor.Dispose());
        }
    }

    /// <summary>Waits until every stage has ended, or the cell is gone.</summary>
    /// <returns>The last stage's end.</returns>
    public ProcessExit Wait()
    {
        int running = _stages.Count;
        while (running > 0 && _porter.Receive(out PorterReport report).Succeeded && !report.IsIdle)
        {
            int stage = -1;
            for (int i = 0; i < _processes.Count; i++)
            {
                stage = _processes[i] == report.Process ? i : stage;
            }

            if (stage < 0)
            {
                // What a stage left behind ends with the cell.
                continue;
            }

            if (report.IsStopped)
            {
                // There is no shell in front of which it could wait.
                _ = _porter.Signal(_processes[0], SIG.CONT, _inForeground);
                continue;
            }

            running -= _ends[stage] is null ? 1 : 0;
            _ends[stage] = new StageEnd(report.Exit, report.Usage ?? Nothing);
        }

        return Ends[^1].Exit;
    }

    public void Dispose()
    {
        CellEnd.Dispose();
        _porter.Dispose();
    }

    private List<JobStage> JobStages(List<Descriptor> own)
    {
        List<JobStage> jobs = [];
        JobFile input = Standard(0, own);
        JobFile errors = Standard(2, own);
        for (int i = 0; i < _stages.Count; i++)
        {
            Descriptor? next = null;
            JobFile output;
            if (i == _stages.Count - 1)
            {
                output = Standard(1, own);
            }
            else
            {
                DescriptorIo.Pipe(out next, out Descriptor write).OrThrow();
                own.AddRange([next, write]);
                output = new JobFile.Given(write);
            }

            PipelineStage stage = _stages[i];
            jobs.Add(new JobStage(
                new CellCommand(stage.Arguments[0], stage.Arguments, _directory, _environment), [input, output, errors])
            {
                Executable = stage.Executable,
                Script = stage.Script,
            });
            input = next is null ? input : new JobFile.Given(next);
        }

        return jobs;
    }

    private JobFile Standard(int number, List<Descriptor> own)
    {
        if (_plan.TerminalDescriptors.Contains(number))
        {
            return JobFile.Terminal;
        }

        if (_plan.NullDevices.Contains(number))
        {
            return JobFile.Nothing;
        }

        DescriptorIo.Duplicate(number, out Descriptor same).OrThrow();
        own.Add(same);
        return new JobFile.Given(same);
    }
}
