using System.Diagnostics;
using ShellGuard.Linux;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cells.Terminals;

/// <summary>
/// Connects the person's terminal with the cell's pseudo-terminal: bytes both ways with back-pressure, the window's
/// size, signals, notices and questions. One thread does all of it; nothing is allocated per chunk. The person's
/// terminal is restored on every way out.
/// <para>Interactive (standard input and output are the terminal): raw, the cell's line discipline does everything.
/// Shared (one of them is a pipe or file): the terminal stays as the shell left it, because other programs of the
/// pipeline use it too; the cell's terminal has EXTPROC set, so that only one of the two line disciplines edits and
/// echoes, and what a program of the cell changes (no echo for a password, single keys for a pager) is done to the
/// person's terminal.</para>
/// </summary>
public sealed partial class TerminalRelay : IDisposable
{
    private const int WakeSlot = 0;
    private const int UserSlot = 1;
    private const int MasterSlot = 2;
    private const int StopSlot = 3;
    private const int BufferSize = 64 * 1024;

    private readonly UserTerminal _user;
    private readonly Descriptor _own;
    private readonly RelayOptions _options;
    private readonly TerminalStream _stream;
    private readonly WakeUp _wake = new();
    private readonly PollSet _poll = new(4);
    private readonly PollSet _typed = new(1);
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly TaskCompletionSource<RelayEnd> _completion =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Thread _thread;
    private WindowSize _size;
    private RelayEnd? _end;
    private volatile bool _cellEnded;
    private bool _started;

    /// <param name="user">The person's terminal; stays the caller's, who disposes it after the relay.</param>
    /// <param name="master">The master of the cell's pseudo-terminal; stays the caller's. It is set not to block.</param>
    public TerminalRelay(UserTerminal user, Descriptor master, RelayOptions options)
    {
        _user = user;
        _own = master;
        _master = master;
        _options = options;
        _stream = new TerminalStream(options.FilterOutput) { KeepsTitle = options.Label is not null, PassesClipboard = options.Clipboard };
        _sanitizer = options.OnlyDraws ? Sanitizer(options.Clipboard) : null;
        _thread = new Thread(Run) { Name = "terminal", IsBackground = true };
    }

    /// <summary>Done when the relay has ended and the terminal is restored. Faulted by what should not happen.</summary>
    public Task<RelayEnd> Completion => _completion.Task;

    /// <summary>SIGTERM or SIGHUP when <see cref="RelayEnd.Terminated"/>, else 0.</summary>
    public int TerminatedBy { get; private set; }

    private TimeSpan Now => Stopwatch.GetElapsedTime(_start);

    /// <summary>Prepares the cell's terminal and begins. Call it before the cell runs, so that its first program finds
    /// size and attributes in place.</summary>
    /// <exception cref="LinuxException">The master is not usable.</exception>
    public void Start()
    {
        Prepare(_own);
        CopySize();
        _user.ExitText = ExitText;
        if (_options.Notices is { } notices)
        {
            notices.Wake = _wake.Signal;
        }

        if (_options.Questions is { } questions)
        {
            questions.Wake = _wake.Signal;
        }

        ListenToSize();
        BeginLabel();
        _started = true;
        _thread.Start();
    }

    /// <summary>The caller saw the cell's end: what it wrote is still shown, then the relay ends.</summary>
    public void CellEnded()
    {
        _cellEnded = true;
        _wake.Signal();
    }

    /// <summary>Ends without waiting for the cell, and restores the terminal.</summary>
    public void Dispose()
    {
        if (_started)
        {
            _terminate = true;
            _wake.Signal();
            _thread.Join();
        }

        _wake.Dispose();
    }

    /// <summary>Gives a cell's terminal the attributes and the size of the person's. Before anything in the cell has it
    /// open: what a program changes there later is the program's to change.</summary>
    /// <exception cref="LinuxException">The master is not usable.</exception>
    public void Prepare(Descriptor master)
    {
        DescriptorIo.SetNonBlocking(master).OrThrow();
        TerminalAttributes attributes = _user.Original;
        if (!_user.Interactive)
        {
            attributes = attributes.WithExternalProcessing();
        }

        Terminal.SetAttributes(master, attributes).OrThrow();
        if (!_user.Interactive)
        {
            Terminal.SetPacketMode(master, on: true).OrThrow();
        }

        if (Terminal.GetSize(_user.Descriptor, out WindowSize size).Succeeded)
        {
            // A side's, while the relay runs: CopySize follows as soon as it is connected.
            _ = Terminal.SetSize(master, _stream.Row is null ? size : LabelRow.ForCells(size));
        }
    }

    private void Run()
    {
        try
        {
            Loop();
            Finish();
            _completion.SetResult(_end!.Value);
            RefuseSwitches();
        }
#pragma warning disable CA1031 // Whatever it is goes to who waits for the completion; the terminal comes first.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _end ??= RelayEnd.TerminalLost;
            LeaveTerminal();
            _completion.SetException(exception);
            RefuseSwitches();
        }
    }

    private void Loop()
    {
        while (true)
        {
            TimeSpan now = Now;
            HandleSignals(now);
            ServeStop(now);
            KeepMode(now);
            ServeLabel(now);
            RunTimers(now);
            ServeNotices(now);
            ServeQuestion(now);
            FlushOutput();
            FlushInput();

            // After the flush: a switch waits for an empty output, and nothing wakes the relay for that but the poll.
            ServeSwitch();
            EndWhenDone();
            if (_end is not null)
            {
                return;
            }

            Prepare(now);
            _poll.Wait(Timeout(now)).OrThrow();
            Handle();
        }
    }

    private void Prepare(TimeSpan now)
    {
        PollEvents user = PollEvents.None;
        if (now >= _noReadUntil && (_question is not null || InputRoom > 0))
        {
            user |= PollEvents.POLLIN;
        }

        if (!OutputIsEmpty)
        {
            user |= PollEvents.POLLOUT;
        }

        PollEvents master = PollEvents.None;
        if (_question is null && OutputIsEmpty)
        {
            master |= PollEvents.POLLIN;
        }

        if (_inLength > 0)
        {
            master |= PollEvents.POLLOUT;
        }

        // A hang-up is reported whether it is asked for or not, so a master that cannot be served is not polled.
        bool masterServed = master != PollEvents.None && now >= _hungUpUntil;
        _poll.Set(WakeSlot, _wake.Descriptor, PollEvents.POLLIN);
        _poll.Set(UserSlot, _user.Descriptor, user);
        _poll.Set(MasterSlot, masterServed ? _master : null, master);
        _poll.Set(StopSlot, _noReports ? null : _options.Job?.Stops, PollEvents.POLLIN);
    }

    private void Handle()
    {
        if (_poll.Found(WakeSlot) != PollEvents.None)
        {
            _wake.Clear();
        }

        PollEvents user = _poll.Found(UserSlot);
        _userWritable = (user & PollEvents.POLLOUT) != PollEvents.None;
        if ((user & PollEvents.POLLIN) != PollEvents.None)
        {
            ReadUser(Now);
        }
        else if ((user & (PollEvents.POLLHUP | PollEvents.POLLERR | PollEvents.POLLNVAL)) != PollEvents.None)
        {
            _end = RelayEnd.TerminalLost;
        }

        const PollEvents readable = PollEvents.POLLIN | PollEvents.POLLHUP | PollEvents.POLLERR;
        if ((_poll.Found(MasterSlot) & readable) != PollEvents.None)
        {
            ReadMaster();
        }

        if (_poll.Found(StopSlot) != PollEvents.None)
        {
            ReadReports();
        }
    }

    private void EndWhenDone()
    {
        if (_end is null && OutputIsEmpty && _cellEnded && _question is null)
        {
            // Every slave is closed by now, so the rest can be read until the hang-up. Should somebody outside still
            // hold one, an empty queue is the end.
            if (_hungUp || !ReadMaster())
            {
                _end = OutputIsEmpty ? RelayEnd.CellEnded : null;
            }
        }

        if (_end is null && OutputIsEmpty && _hungUp && _options.EndOnHangUp)
        {
            _end = RelayEnd.CellEnded;
        }
    }
}
