using System.Diagnostics;
using ShellGuard.Cells.Jobs;
using ShellGuard.Cells.Planning;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cells.Supervision;
using ShellGuard.Cells.Walls;
using ShellGuard.Core.Flow;
using ShellGuard.Linux;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Terminals;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Gates;

/// <summary>A program in a cell of its own, with nothing but its input and its output. What it writes goes on when it has
/// ended well and all of it has the declared form.</summary>
/// <param name="program">Belongs to this object from now on.</param>
/// <param name="budgets">Its cost was spent already.</param>
internal sealed class FilterRun(
    SessionContext session, FlowKeeper flow, SessionRecorder recorder, GatePlace place, Descriptor input, Descriptor? output,
    GateProgram program, GateBudgets budgets)
    : GateRun(session, flow, recorder, place, input, output)
{
    private FilterRule Filter => Gate.Filter!;

    protected override byte[]? Collect(out string problem)
    {
        using GateProgram own = program;
        using LabelCell cell = LabelCell.Make(Session, Group(), new PlannedCell(Plan(), [])).Begin(Place.Node);
        DescriptorIo.Pipe(out Descriptor read, out Descriptor write).OrThrow();
        using Descriptor result = read;
        IReadOnlyList<int> processes;
        using (write)
        {
            cell.HasRun = true;
            JobStage stage = new(program.Command, [new JobFile.Given(Input), new JobFile.Given(write), JobFile.Nothing]);
            cell.Porter.Start([stage], inForeground: false, out processes, out string? unstarted).OrThrow();
            if (unstarted is not null)
            {
                problem = $"its program does not start: {unstarted}";
                return null;
            }
        }

        // So that who writes into it sees when the program reads no more.
        Input.Dispose();
        byte[] buffer = new byte[Filter.Form.MaximumBytes + 1];
        if (Wait(cell, processes[0], result, buffer, out int filled) is { } failure)
        {
            problem = failure;
            return null;
        }

        bool good = Filter.Form.TryRead(buffer.AsSpan(0, filled), out byte[]? passed, out string? wrong);
        problem = good ? "" : $"its output has not the form {Filter.Form.Text}: {wrong}";
        return passed;
    }

    protected override long CostOf(byte[] passing) => Filter.Form.Bits;

    protected override long LeftLater() => budgets.Left(Gate);

    protected override string Told(long bytes, long bits, long left) =>
        $"gate {Gate.Gate.Name}: {Number(bytes)} bytes passed for {Number(bits)} bits; "
        + $"{Number(left)} of {Number(Gate.Gate.Capacity)} are left in {ValueText.Write(Filter.Per)}";

    /// <param name="process">The program, by the cell's numbers: what it left behind ends too, and says nothing.</param>
    /// <returns>Why it let nothing out; null where it ended well.</returns>
    private string? Wait(LabelCell cell, int process, Descriptor output, byte[] buffer, out int filled)
    {
        filled = 0;
        bool open = true;
        long end = Stopwatch.GetTimestamp() + (long)(Filter.Time.TotalSeconds * Stopwatch.Frequency);
        PollSet poll = new(3);
        while (true)
        {
            double left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), end).TotalMilliseconds;
            if (left <= 0)
            {
                return $"its program took longer than {ValueText.Write(Filter.Time)}";
            }

            poll.Set(0, open ? output : null, PollEvents.POLLIN);
            poll.Set(1, cell.Porter.Socket, PollEvents.POLLIN);
            poll.Set(2, Wake.Descriptor, PollEvents.POLLIN);
            poll.Wait(cell.Porter.HasReports ? 0 : (int)Math.Min(left + 1, int.MaxValue)).OrThrow();
            if (IsCancelled)
            {
                return "who asked for it went away";
            }

            if (open && poll.Found(0) != PollEvents.None)
            {
                LinuxResult read = ReadOn(output, buffer, ref filled);
                open = read.Succeeded && read.Value > 0;
                if (filled == buffer.Length)
                {
                    return $"its output is longer than {Number(Filter.Form.MaximumBytes)} bytes";
                }
            }

            if (cell.Porter.HasReports || poll.Found(1) != PollEvents.None)
            {
                cell.Porter.Receive(out PorterReport report).OrThrow();
                if (report.Process == process && !report.IsStopped)
                {
                    // What it left behind, and who could still write, ends with it.
                    cell.End();
                    return report.Status == 0
                        ? Rest(output, buffer, ref filled)
                        : $"its program ended with status {Number(report.Status)}";
                }
            }
        }
    }

    /// <summary>What is in the pipe when nobody can write to it any more.</summary>
    private string? Rest(Descriptor output, byte[] buffer, ref int filled)
    {
        while (filled < buffer.Length)
        {
            LinuxResult read = ReadOn(output, buffer, ref filled);
            if (read.Failed || read.Value == 0)
            {
                return read.Failed ? $"its output cannot be read: {read.Error}" : null;
            }
        }

        return $"its output is longer than {Number(Filter.Form.MaximumBytes)} bytes";
    }

    private LabelGroup Group() => new(
        $"gate-{Gate.Gate.Name}", Place.Label, TagSet.Empty, "", GatePolicy(), []);

    /// <summary>Nothing of the host but what programs need to start.</summary>
    private EffectivePolicy GatePolicy() => Session.Request.Policy with
    {
        Name = $"gate {Gate.Gate.Name}",
        Paths = [],
        Network = new NetworkRules([], $"gate {Gate.Gate.Name}"),
        Environment = new EnvironmentRules([], new Dictionary<string, string>(StringComparer.Ordinal)),
    };

    private CellPlan Plan()
    {
        Caller caller = Session.Caller with
        {
            Cell = $"gate-{Gate.Gate.Name}",
            WorkingDirectory = "/",
            TerminalDescriptors = [],
            OutputFiles = [],
            NullDevices = [],
        };
        CellPlan plan = Session.Terms.Apply(CellPlanner.PlanForJobs(
            GatePolicy(), caller, new HostFiles(), Session.Directory, Session.Concessions));
        return plan with { View = program.AddTo(plan.View) };
    }
}
