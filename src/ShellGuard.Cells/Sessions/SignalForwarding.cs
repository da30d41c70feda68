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

    public SignalForwarding(bool hasTerminal, CellSupervisor supervisor)
    {
        // A file that may not grow, setrlimit(2), is an error of the write to us, which stops the session with a
        // reason; by default the signal would kill the supervisor.
        _registrations.Add(PosixSignalRegistration.Create(SIGXFSZ, context => context.Cancel = true));
        Action<int> act = hasTerminal ? _ => { } : supervisor.Signal;
        Hold(PosixSignal.SIGINT, 2, act);
        Hold(PosixSignal.SIGTERM, 15, act);
        Hold(PosixSignal.SIGHUP, 1, act);
        Hold(PosixSignal.SIGQUIT, 3, act);
        if (!hasTerminal)
        {
#pragma warning disable CA1416 // Not on Windows: this house is for Linux.
            Hold(PosixSignal.SIGTSTP, Sigtstp, _ => Stop(supervisor));
            Hold(PosixSignal.SIGCONT, Sigcont, act);
#pragma warning restore CA1416
        }
    }

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    /// <summary>Ctrl-Z at the caller's terminal, of which the command has nothing: both stop as one job.</summary>
    private static void Stop(CellSupervisor supervisor)
    {
        supervisor.Signal(Sigtstp);

        // Where it cannot stop it goes on, and the command with it.
        _ = JobControl.Stop(others: false);
        supervisor.Signal(Sigcont);
    }

    private void Hold(PosixSignal signal, int number, Action<int> act) =>
        _registrations.Add(PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            act(number);
        }));
}
