using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using ShellGuard.Cells.Gates;
using ShellGuard.Cells.Relays;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cells.Supervision;
using ShellGuard.Core.Flow;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Seccomp;
using ShellGuard.Linux.Terminals;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Walls;

/// <summary>Carries out what the lobby's shell asks for: one thread decides, starts, connects and ends the commands of
/// all sides.</summary>
/// <remarks>A lobby knows no source. What it hands over, as arguments, environment and input, goes to a side; back to it
/// come one bit for each command, and nothing else.</remarks>
internal sealed partial class Lobby : IDisposable
{
    private const int SOCK_SEQPACKET = 5;
    private const int WakeSlot = 0;

    // Every path is absolute, so the kernel never looks at the directory, openat(2).
    private static readonly Descriptor Nowhere = new();
    private static readonly TimeSpan Recheck = TimeSpan.FromMilliseconds(25);

    private readonly SessionContext _session;
    private readonly WallRules _walls;
    private readonly LabelGroups _groups;
    private readonly Sides _sides;
    private readonly StubFarm _farm;
    private readonly LobbyStreams _streams;
    private readonly SessionRecorder _recorder;
    private readonly Placement _placement;
    private readonly PendingCommands _pending;
    private readonly GateBudgets _budgets;
    private readonly ApprovalDesk _desk;
    private readonly ConcurrentQueue<LobbyRequest> _arrived = new();
    private readonly List<LobbyJob> _jobs = [];
    private readonly List<(FlowEdge Edge, ByteRelay Relay)> _relays = [];
    private readonly List<ByteRelay> _toPerson = [];
    private LobbyJob? _front;
    private readonly WakeUp _wake = new();
    private readonly Thread _thread;
    private volatile bool _ending;
    private NotifyFd? _listener;
    private int _init;
    private Descriptor? _terminal;
    private (ulong Device, ulong Inode)? _slave;

    /// <param name="sides">The cells that have a label.</param>
    /// <param name="streams">The lobby's standard descriptors; stays the caller's.</param>
    /// <param name="recorder">The lobby's.</param>
    public Lobby(SessionContext session, LabelGroups groups, Sides sides, StubFarm farm, LobbyStreams streams, SessionRecorder recorder)
    {
        _session = session;
        _walls = session.Request.Policy.Walls!;
        _groups = groups;
        _sides = sides;
        _farm = farm;
        _streams = streams;
        _recorder = recorder;
        _placement = new Placement(_walls, groups, sides.Files, sides.LabelOf, farm.ProgramOf);
        sides.Asks = Ask;
        _pending = new PendingCommands(IsLabelled, request => _walls.FindGate(request.Name) is not null);
        _budgets = new GateBudgets(session.Request.StorageRoot, TimeProvider.System);
        _desk = new ApprovalDesk(session.Id.Text, recorder);
        _thread = new Thread(Run, 512 * 1024) { IsBackground = true, Name = "lobby" };
    }

    /// <summary>Begins.</summary>
    /// <param name="listener">The lobby's traps; stays the caller's.</param>
    /// <param name="init">Process 1 of the lobby.</param>
    /// <param name="terminal">The master of the lobby's terminal; stays the caller's.</param>
    public LobbyDoor Open(NotifyFd listener, int init, Descriptor? terminal)
    {
        _listener = listener;
        _init = init;
        _terminal = terminal;
        _sides.Turns.Add(_sides.Lobby, init);
        if (terminal is not null && Terminal.OpenSlave(terminal, out Descriptor slave).Succeeded)
        {
            using (slave)
            {
                _slave = Files.Status(slave, out FileStatus status).Succeeded ? (status.Device, status.Inode) : null;
            }
        }

        _thread.Start();
        return new LobbyDoor(listener, () => _slave, _streams, request =>
        {
            _arrived.Enqueue(request);
            _wake.Signal();
        });
    }

    /// <summary>Ends every side. The lobby itself is gone.</summary>
    public void Dispose()
    {
        _ending = true;
        _wake.Signal();
        if (!_thread.ThreadState.HasFlag(ThreadState.Unstarted))
        {
            _thread.Join();
        }

        _wake.Dispose();
    }

    private bool IsLabelled(LobbyRequest request) =>
        !_placement.TryPlace([request], out IReadOnlyList<PlacedStage>? placed, out _) || !placed[0].Group.IsLobby;

    [SuppressMessage("Design", "CA1031", Justification = "whatever goes wrong ends the session, and no program waits for ever")]
    private void Run()
    {
        try
        {
            while (!_ending)
            {
                Turn();
            }
        }
        catch (Exception failure)
        {
            _session.Stop($"the lobby failed: {failure.Message}");
        }

        foreach (LobbyRequest request in _pending.TakeAll().Concat(_arrived))
        {
            request.Dispose();
        }

        _late.ForEach(end => end.Stub.Dispose());
        _relays.ForEach(relay => relay.Relay.Dispose());
        _toPerson.ForEach(relay => relay.Dispose());
        foreach (LobbyJob job in _jobs)
        {
            job.Stages.ToList().ForEach(stage => stage.Dispose());
        }

        foreach (LobbyGate gate in _gates)
        {
            gate.Run.Dispose();
            gate.Stage.Request.Dispose();
        }

        _desk.Dispose();
        _session.Terminal.Front(null);
        _sides.Dispose();
    }

    private void Turn()
    {
        _sides.Turns.Tend();
        HearSignals();
        HearKeyboard();
        AnswerAcquisitions();
        while (_arrived.TryDequeue(out LobbyRequest? request))
        {
            _pending.Add(request);
        }

        foreach (IReadOnlyList<LobbyRequest> pipeline in _pending.TakeReady())
        {
            Decide(pipeline);
        }

        foreach ((FlowEdge edge, ByteRelay relay) in _relays.Where(relay => relay.Relay.HasEnded).ToList())
        {
            relay.Dispose();
            _relays.Remove((edge, relay));
            _sides.Disconnect(edge);
        }

        foreach (ByteRelay relay in _toPerson.Where(relay => relay.HasEnded).ToList())
        {
            relay.Dispose();
            _toPerson.Remove(relay);
        }

        EndGates();
        if (_arrived.IsEmpty && _pending.IsEmpty)
        {
            _sides.MakeSpares();
        }

        LabelCell[] cells = [.. _sides.Running];
        LobbyRequest[] stubs =
        [
            .. _jobs.SelectMany(job => job.Stages).Concat(_gates.Select(gate => gate.Stage.Request))
                .Where(stage => stage.Stub is not null),
        ];
        PollSet poll = new(1 + cells.Length + stubs.Length);
        poll.Set(WakeSlot, _wake.Descriptor, PollEvents.POLLIN);
        for (int i = 0; i < cells.Length; i++)
        {
            poll.Set(1 + i, cells[i].Porter.Socket, PollEvents.POLLIN);
        }

        for (int i = 0; i < stubs.Length; i++)
        {
            poll.Set(1 + cells.Length + i, stubs[i].Stub, PollEvents.POLLIN);
        }

        bool reports = Array.Exists(cells, cell => cell.Porter.HasReports);
        bool soon = !_pending.IsEmpty || _sides.Turns.IsBusy;
        poll.Wait(reports || !_arrived.IsEmpty ? 0 : soon ? (int)Recheck.TotalMilliseconds : -1).OrThrow();
        if (poll.Found(WakeSlot) != PollEvents.None)
        {
            _wake.Clear();
        }

        for (int i = 0; i < cells.Length; i++)
        {
            if (cells[i].Porter.HasReports || poll.Found(1 + i) != PollEvents.None)
            {
                HearPorter(cells[i]);
            }
        }

        for (int i = 0; i < stubs.Length; i++)
        {
            if (poll.Found(1 + cells.Length + i) != PollEvents.None)
            {
                HearStub(stubs[i]);
            }
        }
    }
}
