using System.Runtime.InteropServices;
using ShellGuard.Cells.Supervision;

namespace ShellGuard.Cells.Sessions;

/// <summary>Without a terminal of its own the command is in another session than the caller's, so signals that the
/// caller sends to us are sent on to it. With one, the relay has them.</summary>
internal sealed class SignalForwarding : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];

    private const PosixSignal SIGXFSZ = (PosixSignal)25;

    public SignalForwarding(bool hasTerminal, CellSupervisor supervisor)
    {
        // A file that may not grow, setrlimit(2), is an error of the write to us, which stops the session with a
        // reason; by default the signal would kill the supervisor.
        _registrations.Add(PosixSignalRegistration.Create(SIGXFSZ, context => context.Cancel = true));
        if (hasTerminal)
        {
            return;
        }

        Forward(PosixSignal.SIGINT, 2, supervisor);
        Forward(PosixSignal.SIGTERM, 15, supervisor);
        Forward(PosixSignal.SIGHUP, 1, supervisor);
        Forward(PosixSignal.SIGQUIT, 3, supervisor);
    }

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private void Forward(PosixSignal signal, int number, CellSupervisor supervisor) =>
        _registrations.Add(PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            supervisor.Signal(number);
        }));
}
