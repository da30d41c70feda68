using System.Runtime.InteropServices;
using ShellGuard.Cells.Supervision;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cells.Sessions;

/// <summary>Without a terminal of its own the command is in another session than the caller's, so signals that the
/// caller sends to us are sent on to it. With one, the relay acts on them while it runs; they are held all the same,
/// because one that comes after it must not end us before the journal is closed.</summary>
internal sealed class SignalForwarding : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];

    private const int Sigcont = 18;
    private const int Sigtstp = 20;
    private const PosixSignal SIGXFSZ = (PosixSignal)25;

    private readonly CellSupervisor _supervisor;
    private readonly bool _hasTerminal;
    private readonly Lock _lock = new();
    private readonly List<int> _early = [];
    private bool _commandRuns;
    private int _stopAsked;
    private int _endAsked;

    public SignalForwarding(bool hasTerminal, CellSupervisor supervisor)
    {
        _supervisor = supervisor;
        _hasTerminal = hasTerminal;

        // A file that may not grow, setrlimit(2), is an error of the write to us, which stops the session with a
        // reason; by default the signal would kill the supervisor.
        _registrations.Add(PosixSignalRegistration.Create(SIGXFSZ, context => context.Cancel = true));
        Action<int> act = hasTerminal ? Remember : Forward;
        Hold(PosixSignal.SIGINT, 2, act);
        Hold(PosixSignal.SIGTERM, 15, act);
        Hold(PosixSignal.SIGHUP, 1, act);
        Hold(PosixSignal.SIGQUIT, 3, act);
        Hold(PosixSignal.SIGTSTP, Sigtstp, _ => AskToStop());
        Hold(PosixSignal.SIGCONT, Sigcont, act);
    }

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    /// <summary>A signal that asks us to end and came, also before the relay listened; else 0.</summary>
    public int EndAsked => Volatile.Read(ref _endAsked);

    /// <summary>The launch is over. Until then nothing may stop us: the launching thread waits as after a vfork, where
    /// the kernel cannot stop it, for a cell that waits for our other threads.</summary>
    public void CommandRuns()
    {
        lock (_lock)
        {
            _commandRuns = true;
            _early.ForEach(_supervisor.Signal);
        }

        StopIfAsked();
    }

    /// <summary>What comes before there is a command waits for it.</summary>
    private void Forward(int signal)
    {
        lock (_lock)
        {
            if (!_commandRuns)
            {
                _early.Add(signal);
                return;
            }
        }

        _supervisor.Signal(signal);
    }

    private void Remember(int signal)
    {
        if (signal != Sigcont)
        {
            Volatile.Write(ref _endAsked, signal);
        }
    }

    private void AskToStop()
    {
        Volatile.Write(ref _stopAsked, 1);
        StopIfAsked();
    }

    /// <summary>Ctrl-Z at the caller's terminal, of which the command has nothing: both stop as one job.</summary>
    private void StopIfAsked()
    {
        // With a terminal the relay stops us.
        if (_hasTerminal || !Volatile.Read(ref _commandRuns) || Interlocked.Exchange(ref _stopAsked, 0) == 0)
        {
            return;
        }

        _supervisor.Signal(Sigtstp);

        // Where it cannot stop it goes on, and the command with it.
        _ = JobControl.Stop(others: false);
        _supervisor.Signal(Sigcont);
    }

    private void Hold(PosixSignal signal, int number, Action<int> act) =>
        _registrations.Add(PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            act(number);
        }));
}
