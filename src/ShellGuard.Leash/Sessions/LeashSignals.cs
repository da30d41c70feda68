using System.Runtime.InteropServices;
using ShellGuard.Leash.Execution;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Leash.Sessions;

/// <summary>Signals that ask the leash to end: they reach the pipeline that runs, and the prompt that waits.</summary>
public sealed class LeashSignals : IDisposable
{

    private readonly Lock _lock = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    // Both are guarded by _lock.
    private RunningPipeline? _running;
    private int _asked;

    /// <param name="interactive">Whether Ctrl-C belongs to the prompt and not to this process.</param>
    public LeashSignals(bool interactive)
    {
        Add(PosixSignal.SIGHUP, SIG.HUP);
        Add(PosixSignal.SIGTERM, SIG.TERM);
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTSTP, context => context.Cancel = true));
        if (interactive)
        {
            _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true));
            _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGQUIT, context => context.Cancel = true));
            _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => WakeUp.Signal()));
        }
    }

    /// <summary>Wakes the prompt.</summary>
    public WakeUp WakeUp { get; } = new();

    /// <summary>The signal that asked, or 0.</summary>
    public int Asked
    {
        get
        {
            lock (_lock)
            {
                return _asked;
            }
        }
    }

    /// <summary>The terminal is gone, whether or not a signal says so.</summary>
    public void HangUp() => Ask(SIG.HUP);

    /// <summary>Says which pipeline runs; null for none.</summary>
    public void Watch(RunningPipeline? running)
    {
        lock (_lock)
        {
            _running = running;
            if (_asked > 0)
            {
                running?.End(_asked, Reason(_asked));
            }
        }
    }

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        WakeUp.Dispose();
    }

    private void Add(PosixSignal signal, int number) =>
        _registrations.Add(PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            Ask(number);
            WakeUp.Signal();
        }));

    private void Ask(int number)
    {
        lock (_lock)
        {
            _asked = _asked > 0 ? _asked : number;
            _running?.End(number, Reason(number));
        }
    }

    private static string Reason(int signal) => signal == SIG.HUP ? "the terminal is gone" : $"signal {signal} came";
}
