using System.Text;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Terminals;

/// <summary>One terminal, several cells: each has a pseudo-terminal of its own, and one of them at a time is connected. What
/// the others write waits in theirs.</summary>
public sealed partial class TerminalRelay
{
    private readonly Lock _switchLock = new();

    /// <summary>The master that is connected. The relay's thread only.</summary>
    private Descriptor _master;

    // Guarded by _switchLock.
    private Switch? _switch;
    private bool _switchesEnded;

    /// <summary>Connects the person with another cell's terminal, and returns when that is done and everything that the
    /// one before wrote is on the screen. For one thread that is not the relay's.</summary>
    /// <param name="master">Prepared; stays the caller's, and open until it is exchanged for another. Null for the first
    /// cell's.</param>
    public void Front(Descriptor? master)
    {
        Switch wanted = new(master ?? _own);
        lock (_switchLock)
        {
            if (_switchesEnded || !_started)
            {
                return;
            }

            _switch = wanted;
        }

        _wake.Signal();
        wanted.Done.Task.Wait();
    }

    private void ServeSwitch()
    {
        Switch? wanted;
        lock (_switchLock)
        {
            wanted = _switch;
        }

        if (wanted is null || _question is not null || _stopUntil is not null)
        {
            return;
        }

        while (OutputIsEmpty && ReadMaster())
        {
        }

        FlushInput();
        if (!OutputIsEmpty)
        {
            return;
        }

        if (_stream.Modes.HasChanges)
        {
            // Whoever comes next did not ask for them, and the one before may have been killed.
            Write(Encoding.UTF8.GetBytes(_stream.Modes.Undo()), recorded: true);
        }

        lock (_switchLock)
        {
            _switch = null;
        }

        _inLength = 0;
        _hungUpUntil = TimeSpan.Zero;
        _master = wanted.Master;
        CopySize();
        wanted.Done.SetResult();
    }

    /// <summary>The relay has ended: nobody is to wait for it.</summary>
    private void RefuseSwitches()
    {
        lock (_switchLock)
        {
            _switchesEnded = true;
            _switch?.Done.SetResult();
            _switch = null;
        }
    }

    private sealed record Switch(Descriptor Master)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
