using System.Runtime.InteropServices;
using ShellGuard.Cells.Supervision;

namespace ShellGuard.Cells.Sessions;

/// <summary>Without a terminal of its own the command is in another session than the caller's, so signals that the
/// caller sends to us are sent on to it. With one, the relay has them.</summary>
internal sealed class SignalForwarding : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];

    public SignalForwarding(bool hasTerminal, CellSupervisor supervisor)
    {
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
