using System.Globalization;
using ShellGuard.Cells.Jobs;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cells.Walls;

/// <content>What becomes of commands that run on a side.</content>
internal sealed partial class Lobby
{
    private const byte NotExecutable = 126;
    private const byte NotFound = 127;
    private readonly List<(LabelCell Cell, Descriptor Stub, byte[] End)> _late = [];

    private void HearPorter(LabelCell cell)
    {
        LinuxResult received = cell.Porter.Receive(out PorterReport report);
        if (received.Failed || report.IsIdle)
        {
            if (received.Failed || !_jobs.Exists(job => job.Cell == cell))
            {
                foreach (LobbyJob lost in _jobs.Where(job => job.Cell == cell).ToList())
                {
                    End(lost, StatusFor(125));
                }

                _sides.End(cell);
            }

            TellLate(cell);
            return;
        }

        if (_jobs.Find(job => job.Cell == cell && job.StageOf(report.Process) >= 0) is not { } job)
        {
            return;
        }

        int stage = job.StageOf(report.Process);
        if (report.IsStopped)
        {
            job.Stopped(stage);
            if (job.IsStopped)
            {
                ToBack(job);
                job.Stages.ToList().ForEach(each => Tell(each, "S"u8));
                if (report.StopSignal == SIG.TSTP)
                {
                    SignalOthers(job.Stages[0].ProcessGroup, SIG.TSTP);
                }

                // A shell takes a pipeline for stopped when all of it is; a gate goes on behind its stub.
                _gates.FindAll(gate => gate.Stage.Request.ProcessGroup == job.Stages[0].ProcessGroup)
                    .ForEach(gate => Tell(gate.Stage.Request, "S"u8));
                Rest(cell);
            }

            return;
        }

        job.Ended(stage);

        // What it wrote is with the person before the shell goes on.
        _toPerson.ForEach(relay => relay.Drain());
        TellEnd(cell, job.Stages[stage], EndOf(job, report.Status));
        if (job.HasEnded)
        {
            End(job, status: 0);
            Rest(cell);
        }
    }

    /// <summary>A cell whose label grows gives up what it holds with its last process; who waits for that process hears of
    /// it after that, so that the next command finds what was given up.</summary>
    private void TellEnd(LabelCell cell, LobbyRequest stage, byte[] end)
    {
        if (cell.Group.Floating is not null && stage.Stub is { } stub && !HasChildren(cell.Init))
        {
            _late.Add((cell, stub, end));
        }
        else
        {
            Tell(stage, end);
            stage.Stub?.Dispose();
        }

        stage.Stub = null;
        stage.Dispose();
    }

    private void TellLate(LabelCell cell)
    {
        foreach ((LabelCell Cell, Descriptor Stub, byte[] End) late in _late.Where(late => late.Cell == cell).ToList())
        {
            // A stub that is gone hears nothing.
            Sockets.SendDescriptors(late.Stub, late.End);
            late.Stub.Dispose();
            _late.Remove(late);
        }
    }

    /// <summary>Whether anything is left in a cell: every process there descends from its process 1.</summary>
    private static bool HasChildren(int init)
    {
        Span<byte> buffer = stackalloc byte[64];
        LinuxResult read = ProcFile.Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{init}/task/{init}/children"), buffer);
        return read.Failed || read.Value > 0;
    }

    /// <summary>A cell without a command that runs stops, where another side waits for its turn.</summary>
    private void Rest(LabelCell cell)
    {
        if (!_jobs.Exists(job => job.Cell == cell && !job.IsStopped))
        {
            _sides.Turns.Yield(cell.Node);
        }
    }

    /// <summary>One bit to a lobby that knows less than the cell, nothing in strict mode.</summary>
    private byte StatusFor(int status) => (byte)(_walls.Flow.Strict || status == 0 ? 0 : 1);

    private void HearStub(LobbyRequest stage)
    {
        LobbyJob? job = _jobs.Find(job => job.Stages.Contains(stage));
        LobbyGate? gate = _gates.Find(gate => gate.Stage.Request == stage);
        if ((job is null && gate is null) || stage.Stub is not { } stub)
        {
            return;
        }

        Span<byte> word = stackalloc byte[1];
        LinuxResult received = Sockets.ReceiveDescriptors(stub, word, 0, out _);
        if (job is null)
        {
            HearStub(gate!, received is { Succeeded: true, Value: 1 });
            return;
        }

        if (received is { Succeeded: true, Value: 1 } && word[0] == (byte)'C')
        {
            if (job.IsStopped)
            {
                if (_sides.Turns.Resume(job.Cell.Node) is { } denial)
                {
                    Report([stage], denial, _sides.Text);
                    return;
                }

                job.Continued();
                bool front = IsInForeground(job);
                job.Cell.Porter.Signal(job.Leader, SIG.CONT, front);
                if (front)
                {
                    ToFront(job);
                }
            }

            return;
        }

        // It was killed in the lobby: what it stands for goes with it.
        stub.Dispose();
        stage.Stub = null;
        job.Cell.Porter.Signal(job.Leader, SIG.TERM, inForeground: false);
        job.Cell.Porter.Signal(job.Leader, SIG.CONT, inForeground: false);
    }

    private void End(LobbyJob job, byte status)
    {
        _jobs.Remove(job);
        if (_front is null && job.HasTerminal && job.Cell.Terminal is { } terminal)
        {
            // What it wrote in the background.
            _session.Terminal.Front(terminal, LabelOf(job), job.Cell.Group.SetsClipboard);
            _session.Terminal.Front(null);
        }

        ToBack(job);
        foreach (LobbyRequest stage in job.Stages)
        {
            Tell(stage, [(byte)'E', status]);
            stage.Dispose();
        }
    }

    private bool IsInForeground(LobbyJob job) => _terminal is not null && job.HasTerminal
        && Terminal.ForegroundGroup(_terminal, out int group).Succeeded && job.Stages.Any(stage => stage.ProcessGroup == group);

    private string LabelOf(LobbyJob job) => job.Cell.Group.Describe(_walls, _sides.LabelOf(job.Cell.Group));

    private void ToFront(LobbyJob job)
    {
        if (job.Cell.Terminal is { } terminal)
        {
            _front = job;
            _session.Terminal.Front(terminal, LabelOf(job), job.Cell.Group.SetsClipboard, Interrupted);
        }
    }

    private void ToBack(LobbyJob job)
    {
        if (_front == job)
        {
            _front = null;
            _session.Terminal.Front(null);
        }
    }

    /// <summary>Says something to a stub; one that is gone hears nothing.</summary>
    private static void Tell(LobbyRequest stage, ReadOnlySpan<byte> message)
    {
        if (stage.Stub is { } stub)
        {
            Sockets.SendDescriptors(stub, message);
        }
    }

    /// <summary>Answers a stub that still waits in its call.</summary>
    private void Answer(LobbyRequest request, byte status) => Give(request, [(byte)'E', status], keep: false);

    /// <summary>Gives a stub the descriptor that it waits on from now on.</summary>
    private bool Give(LobbyRequest request, ReadOnlySpan<byte> first, bool keep)
    {
        Sockets.CreatePair(SOCK_SEQPACKET, out Descriptor ours, out Descriptor theirs).OrThrow();
        using Descriptor end = theirs;
        if (first.Length > 0)
        {
            Sockets.SendDescriptors(ours, first).OrThrow();
        }

        bool given = _listener!.InstallDescriptorAndReturn(request.Call.Id, theirs, closeOnExec: true).Succeeded;
        request.Stub = given && keep ? ours : null;
        if (request.Stub is null)
        {
            ours.Dispose();
        }

        return given;
    }
}
