using ShellGuard.Cells.Jobs;
using ShellGuard.Cells.Launching;
using ShellGuard.Cells.Planning;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cells.Supervision;
using ShellGuard.Core.Events;
using ShellGuard.Core.Flow;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Walls;

/// <summary>A running cell with a label, which takes jobs as long as it has a process.</summary>
internal sealed class LabelCell : IDisposable
{
    private const int SOCK_SEQPACKET = 5;

    private readonly SessionContext _session;
    private readonly SessionRecorder _recorder;
    private readonly CellSupervisor _supervisor;
    private readonly SecondThread _second = new();
    private readonly Thread _thread;
    private readonly TaskCompletionSource _started = new();
    private ChildProcess? _init;
    private Descriptor? _stops;

    private LabelCell(
        SessionContext session, LabelGroup group, EffectivePolicy policy, CellPlan plan, Descriptor ours, Descriptor theirs,
        FloatingEndpoints? endpoints)
    {
        Endpoints = endpoints;
        _session = session;
        Group = group;
        Plan = plan;
        Porter = new Porter(plan, ours);
        _recorder = new SessionRecorder(session.Journal, plan.Name, session.Terminal.Notices, session.Stop);
        SessionRequest request = session.Request;
        JournaledQuestions questions = new(
            session.Terminal.Questions, _recorder.Record, plan.Name, new UserRules(request.User.Home), session.Terminal.Notices.Say);
        _supervisor = new CellSupervisor(plan, policy, _recorder, questions, endpoints);
        _thread = new Thread(() => Live(theirs), 512 * 1024) { IsBackground = true, Name = $"cell {plan.Name}" };
    }

    public LabelGroup Group { get; }

    /// <summary>What it has of the network, where its label grows with that; null for a pinned cell.</summary>
    public FloatingEndpoints? Endpoints { get; }

    public CellPlan Plan { get; }

    /// <summary>Its node in the flow graph.</summary>
    public NodeId Node { get; init; }

    /// <summary>Process 1 of it, once it was started.</summary>
    public int Init => _supervisor.Init;

    public Porter Porter { get; }

    /// <summary>Whether it was ever given a job: only then it can say that its last process has ended.</summary>
    public bool HasRun { get; set; }

    /// <summary>The master of its own terminal; null where the session has none.</summary>
    public Descriptor? Terminal { get; private set; }

    /// <summary>Makes the cell, and returns when it takes jobs.</summary>
    /// <param name="node">Its node in the flow graph, which has it already.</param>
    /// <param name="plan">As <see cref="CellPlanner.PlanForJobs"/> made it; its directories are there.</param>
    /// <param name="policy">What it may do, where that is not what its group may: what it knows by now decides.</param>
    /// <param name="endpoints">Where its label grows.</param>
    /// <exception cref="LaunchException">It could not be made; nothing of it is left.</exception>
    /// <exception cref="SessionException">The journal cannot be written.</exception>
    public static LabelCell Start(
        SessionContext session, LabelGroup group, CellPlan plan, NodeId node, EffectivePolicy? policy = null,
        FloatingEndpoints? endpoints = null)
    {
        Sockets.CreatePair(SOCK_SEQPACKET, out Descriptor ours, out Descriptor theirs).OrThrow();
        LabelCell cell = new(session, group, policy ?? group.Policy, plan, ours, theirs, endpoints) { Node = node };
        CellStartEvent start = new(
            ArgumentVector.Of((IReadOnlyList<string>)[]), HostileText.Of(""), plan.Digest)
        {
            Cell = plan.Name,
        };
        if (!cell._recorder.Record(start))
        {
            theirs.Dispose();
            cell.Dispose();
            throw new SessionException("the journal cannot be written");
        }

        cell._thread.Start();
        try
        {
            cell._started.Task.GetAwaiter().GetResult();
        }
        catch
        {
            cell.Dispose();
            throw;
        }

        return cell;
    }

    /// <summary>Ends everything in it.</summary>
    public void End() => _init?.Kill();

    /// <summary>After its end.</summary>
    public void Dispose()
    {
        End();

        // Who waits for the lobby's thread, which may be this one, gets no answer any more.
        Endpoints?.Close();
        if (_thread.ThreadState.HasFlag(ThreadState.Unstarted) is false)
        {
            _thread.Join();
        }

        _second.End();
        _supervisor.Dispose();
        Porter.Dispose();
        Terminal?.Dispose();
        _stops?.Dispose();
    }

    /// <summary>The thread that makes the cell must live as long as it, prctl(2) PR_SET_PDEATHSIG.</summary>
    private void Live(Descriptor jobs)
    {
        try
        {
            using Descriptor end = jobs;
            _init = CellLauncher.Start(
                Plan,
                _second,
                pid =>
                {
                    _supervisor.Init = pid;
                    return _session.Limits.Hold(pid);
                },
                descriptors =>
                {
                    _supervisor.Start(descriptors, _second);
                    Terminal = descriptors.Terminal;
                    if (Terminal is { } terminal)
                    {
                        _session.Terminal.Prepare(terminal);
                    }

                    _stops = descriptors.Stops;
                    return default;
                },
                jobs);
        }
#pragma warning disable CA1031 // It is thrown again to who waits for the start.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _started.SetException(failure);
            return;
        }

        _started.SetResult();
        _init.Wait(out ProcessExit exit).OrThrow();
        _supervisor.Finish();
        _recorder.Record(new CellEndEvent(exit.Status, exit.Signal) { Cell = Plan.Name });
    }
}
