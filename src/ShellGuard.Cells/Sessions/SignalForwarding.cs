using System.Runtime.InteropServices;
using ShellGuard.Cells.Supervision;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cells.Sessions;

/// <summary>The only one who hears the signals that the caller sends to us, so that each is acted on once, whenever it
/// comes: handlers run on threads of their own, maybe long after the signal. What comes before there is a command waits
/// for it. Then the relay acts where the cell has a terminal; elsewhere the command is in another session than the
/// caller's, so they are sent on to it.</summary>
internal sealed class SignalForwarding : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly CellSupervisor _supervisor;
    private readonly SessionTerminal _terminal;
    private readonly Lock _lock = new();
    private readonly List<int> _early = [];
    private bool _commandRuns;

    public SignalForwarding(SessionTerminal terminal, CellSupervisor supervisor)
    {
        _supervisor = supervisor;
        _terminal = terminal;
        Hold(PosixSignal.SIGINT, SIG.INT);
        Hold(PosixSignal.SIGTERM, SIG.TERM);
        Hold(PosixSignal.SIGHUP, SIG.HUP);
        Hold(PosixSignal.SIGQUIT, SIG.QUIT);
        Hold(PosixSignal.SIGTSTP, SIG.TSTP);
        Hold(PosixSignal.SIGCONT, SIG.CONT);
    }

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    /// <summary>The launch is over. Until then nothing may stop us: the launching thread waits as after a vfork, where
    /// the kernel cannot stop it, for a cell that waits for our other threads. And nobody is in the cell's foreground
    /// yet, whom a Ctrl-C would reach.</summary>
    public void CommandRuns()
    {
        lock (_lock)
        {
            _commandRuns = true;
        }

        // In the order in which they came, but for one that comes just now.
        _early.ForEach(Act);
    }

    private void Hold(PosixSignal signal, int number) =>
        _registrations.Add(PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            Receive(number);
        }));

    private void Receive(int signal)
    {
        lock (_lock)
        {
            if (!_commandRuns)
            {
                _early.Add(signal);
                return;
            }
        }

        Act(signal);
    }

    private void Act(int signal)
    {
        if (_terminal.HasTerminal)
        {
            _terminal.Signal(signal);
        }
        else if (signal == SIG.TSTP)
        {
            StopAsJob();
        }
        else
        {
            _supervisor.Signal(signal);
        }
    }

    /// <summary>Ctrl-Z at the caller's terminal, of which the command has nothing: both stop as one job.</summary>
    private void StopAsJob()
    {
        _supervisor.Signal(SIG.TSTP);

        // Where it cannot stop it goes on, and the command with it.
        _ = JobControl.Stop(others: false);
        _supervisor.Signal(SIG.CONT);
    }
}
