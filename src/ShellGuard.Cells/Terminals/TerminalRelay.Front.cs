using System.Buffers;
using System.Text;
using ShellGuard.Journal.Recordings;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cells.Terminals;

/// <summary>One terminal, several cells: each has a pseudo-terminal of its own, and one of them at a time is connected. What
/// the others write waits in theirs.</summary>
public sealed partial class TerminalRelay
{
    private readonly Lock _switchLock = new();
    private readonly ArrayBufferWriter<byte> _drawn = new(BufferSize);
    private TerminalSanitizer? _sanitizer;

    /// <summary>The master that is connected. The relay's thread only.</summary>
    private Descriptor _master;

    private Action<int>? _interrupted;

    // Guarded by _switchLock.
    private Switch? _switch;
    private bool _switchesEnded;

    /// <summary>Connects the person with another cell's terminal, and returns when that is done and everything that the
    /// one before wrote is on the screen. For one thread that is not the relay's.</summary>
    /// <param name="master">Prepared; stays the caller's, and open until it is exchanged for another. Null for the first
    /// cell's.</param>
    /// <param name="label">What the label row says meanwhile.</param>
    /// <param name="clipboard">Whether that cell may set the person's clipboard; of the first one the options say it.</param>
    /// <param name="interrupted">Called with SIGINT or SIGQUIT, on the relay's thread, when the person types what sends that
    /// to the cell's foreground.</param>
    public void Front(Descriptor? master, string? label, bool clipboard = false, Action<int>? interrupted = null)
    {
        Switch wanted = new(
            master ?? _own, label ?? _options.Label, master is null ? _options.Clipboard : clipboard, interrupted);
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

        if (_stream.Cut())
        {
            // Or what comes next would be taken for its rest.
            Write([0x18], recorded: true);
        }

        if (_stream.Modes.HasChanges)
        {
            // Whoever comes next did not ask for them, and the one before may have been killed.
            Write(Encoding.UTF8.GetBytes(_stream.Modes.Undo()), recorded: true);
            _stream.Modes.Reset();
            _stream.Row?.Resize(_size);
            _rowTaken = false;
        }

        lock (_switchLock)
        {
            _switch = null;
        }

        _inLength = 0;
        _hungUpUntil = TimeSpan.Zero;
        _master = wanted.Master;
        _interrupted = wanted.Interrupted;

        // Of what another cell writes only what draws gets through: it knows what the first one does not, and what it could
        // do to the person's terminal would be felt there.
        _sanitizer = _master == _own && !_options.OnlyDraws ? null : Sanitizer(wanted.Clipboard);
        _stream.PassesClipboard = wanted.Clipboard;
        if (wanted.Label is { } label)
        {
            Tell(label);
        }

        ServeLabel(Now);
        CopySize();
        wanted.Done.SetResult();
    }

    /// <summary>Looks for the characters that make signals in the cell's terminal, as its line discipline does.</summary>
    private void TellInterrupts(ReadOnlySpan<byte> typed)
    {
        if (_interrupted is null || Terminal.GetAttributes(_master, out TerminalAttributes cell).Failed || !cell.Signals)
        {
            return;
        }

        if (cell.Interrupt != 0 && typed.Contains(cell.Interrupt))
        {
            _interrupted(SIG.INT);
        }
        else if (cell.Quit != 0 && typed.Contains(cell.Quit))
        {
            _interrupted(SIG.QUIT);
        }
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

    private static TerminalSanitizer Sanitizer(bool clipboard) =>
        new(clipboard ? TerminalFeatures.Bell | TerminalFeatures.Clipboard : TerminalFeatures.Bell);

    /// <summary>What of a chunk the person's terminal may get.</summary>
    private ReadOnlySpan<byte> Drawing(ReadOnlySpan<byte> chunk)
    {
        if (_sanitizer is null)
        {
            return chunk;
        }

        _drawn.ResetWrittenCount();
        _sanitizer.Filter(chunk, _drawn);
        return _drawn.WrittenSpan;
    }

    private sealed record Switch(Descriptor Master, string? Label, bool Clipboard, Action<int>? Interrupted)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
