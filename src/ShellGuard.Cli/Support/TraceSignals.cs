using System.Runtime.InteropServices;
using ShellGuard.Audit.Tracing;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cli.Support;

/// <summary>Signals while a command is traced. Those of the terminal reach the command by themselves, which is in the same
/// group; the tracer must outlive them to write down what they did. Those that only we get are sent on.</summary>
internal sealed class TraceSignals : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly ITracer _tracer;
    private volatile bool _isLeftBehind;

    /// <param name="isOnlooker">There is no command; a signal ends the trace.</param>
    public TraceSignals(ITracer tracer, bool isOnlooker)
    {
        _tracer = tracer;
        _isLeftBehind = isOnlooker;
        Hold(PosixSignal.SIGINT, () =>
        {
            // The command is over; what it left in the background hears nothing from the terminal.
            if (_isLeftBehind)
            {
                _tracer.Stop();
            }
        });
        Hold(PosixSignal.SIGQUIT, () => { });
        Hold(PosixSignal.SIGTERM, () => Forward(15));
        Hold(PosixSignal.SIGHUP, () => Forward(1));
    }

    /// <summary>The command ended, and processes that it started go on.</summary>
    public void CommandEnded() => _isLeftBehind = true;

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private void Forward(int signal)
    {
        if (_isLeftBehind)
        {
            _tracer.Stop();
        }
        else if (_tracer.Process is > 0 and int process)
        {
            Processes.Signal(process, signal);
        }
    }

    private void Hold(PosixSignal signal, Action act) =>
        _registrations.Add(PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            act();
        }));
}
