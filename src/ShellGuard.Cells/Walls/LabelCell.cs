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
    private readonly PlannedCell _planned;
    private readonly TaskCompletionSource _made = new();
    private OwnThread.Work? _life;
    private volatile bool _hasBegun;
    private volatile bool _hasEnded;
    private ChildProcess? _init;
    private Descriptor? _stops;

    private LabelCell(
        SessionContext session, LabelGroup group, EffectivePolicy policy, PlannedCell planned, Descriptor ours,
        FloatingEndpoints? endpoints)
    {
        CellPlan plan = planned.Plan;
        _planned = planned;
        Endpoints = endpoints;
        _session = session;
        Group = group;
        Porter = new Porter(plan, ours);
        _recorder = new SessionRecorder(session.Journal, plan.Name, session.Terminal.Notices, session.Stop);
        SessionRequest request = session.Request;
        JournaledQuestions questions = new(
            session.Terminal.Questions, _recorder.Record, plan.Name, new UserRules(request.User.Home), session.Terminal.Notices.Say);
        _supervisor = new CellSupervisor(plan, policy, _recorder, questions, endpoints);
    }

    public LabelGroup Group { get; }

    /// <summary>What it has of the network, where its label grows with that; null for a pinned cell.</summary>
    public FloatingEndpoints? Endpoints { get; }

    public CellPlan Plan => _planned.Plan;

    /// <summary>Its node in the flow graph.</summary>
    public NodeId Node { get; private set; }

    /// <summary>Process 1 of it, once it was started.</summary>
    public int Init => _supervisor.Init;

    public Porter Porter { get; }

    /// <summary>Whether it was ever given a job: only then it can say that its last process has ended.</summary>
    public bool HasRun { get; set; }

    /// <summary>The master of its own terminal; null where the session has none.</summary>
    public Descriptor? Terminal { get; private set; }

    /// <summary>Begins to make the cell, in which nothing runs before <see cref="Begin"/>.</summary>
    /// <param name="planned">As <see cref="CellPlanner.PlanForJobs"/> made it; its directories are there.</param>
    /// <param name="policy">What it may do, where that is not what its group may: what it knows by now decides.</param>
    /// <param name="endpoints">Where its label grows.</param>
    public static LabelCell Make(
        SessionContext session, LabelGroup group, PlannedCell planned, EffectivePolicy? policy = null,
        FloatingEndpoints? endpoints = null)
    {
        Sockets.CreatePair(SOCK_SEQPACKET, out Descriptor ours, out Descriptor theirs).OrThrow();
        LabelCell cell = new(session, group, policy ?? group.Policy, planned, ours, endpoints);
        cell._life = OwnThread.Begin($"cell {planned.Plan.Name}", () => cell.Live(theirs));
        return cell;
    }

    /// <summary>Whether it was made and is still there; waits for the former.</summary>
    public bool IsMade()
    {
        ((IAsyncResult)_made.Task).AsyncWaitHandle.WaitOne();
        return _made.Task.IsCompletedSuccessfully && !_hasEnded;
    }

    /// <summary>Returns when it takes jobs.</summary>
    /// <param name="node">Its node in the flow graph, which has it already.</param>
    /// <exception cref="LaunchException">It could not be made; nothing of it is left.</exception>
    /// <exception cref="SessionException">The journal cannot be written.</exception>
    public LabelCell Begin(NodeId node)
    {
        Node = node;
        CellStartEvent start = new(
            ArgumentVector.Of((IReadOnlyList<string>)[]), HostileText.Of(""), _planned.Digest)
        {
            Cell = Plan.Name,
        };
        try
        {
            if (!_recorder.Record(start))
            {
                throw new SessionException("the journal cannot be written");
            }

            _hasBegun = true;
            _made.Task.GetAwaiter().GetResult();
            if (Terminal is { } terminal)
            {
                _session.Terminal.Prepare(terminal);
            }

            return this;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Ends everything in it.</summary>
    public void End() => _init?.Kill();

    /// <summary>Also where it was never begun.</summary>
    public void Dispose()
    {
        // Only what is made can be ended.
        IsMade();
        End();

        // Who waits for the lobby's thread, which may be this one, gets no answer any more.
        Endpoints?.Close();
        _life?.Join();
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
                    _stops = descriptors.Stops;
                    return default;
                },
                jobs);
        }
#pragma warning disable CA1031 // It is thrown again to who waits for the start.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _made.SetException(failure);
            return;
        }

        _made.SetResult();
        _init.Wait(out ProcessExit exit).OrThrow();
        _hasEnded = true;
        _supervisor.Finish();
        if (_hasBegun)
        {
            _recorder.Record(new CellEndEvent(exit.Status, exit.Signal) { Cell = Plan.Name });
        }
    }
}
