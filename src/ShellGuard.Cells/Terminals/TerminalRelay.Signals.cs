using System.Runtime.InteropServices;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cells.Terminals;

/// <summary>Signals, the window's size, and whose turn it is at the person's terminal.</summary>
public sealed partial class TerminalRelay
{
    private static readonly TimeSpan Recheck = TimeSpan.FromMilliseconds(150);

    private readonly List<PosixSignalRegistration> _registrations = [];

    // Set by signal handlers on other threads, read and cleared by the relay's thread.
    private volatile bool _resized;
    private volatile bool _stopAsked;
    private volatile bool _continued;
    private volatile bool _terminate;
    private volatile bool _interrupt;
    private volatile bool _quit;
    private volatile int _terminateSignal;

    private bool _raw;
    private TerminalAttributes _expected;
    private TimeSpan _modeCheck;
    private TimeSpan _noReadUntil;

    private void ListenToSignals()
    {
        _expected = _user.Original;
        Listen(PosixSignal.SIGWINCH, () => _resized = true);
        Listen(PosixSignal.SIGTSTP, () => _stopAsked = true);
        Listen(PosixSignal.SIGCONT, () => _continued = true);
        Listen(PosixSignal.SIGINT, () => _interrupt = true);
        Listen(PosixSignal.SIGQUIT, () => _quit = true);
        Listen(PosixSignal.SIGTERM, () => Terminate(15));
        Listen(PosixSignal.SIGHUP, () => Terminate(1));
    }

    /// <summary>Ends as if the signal had come to the relay.</summary>
    internal void EndBy(int signal)
    {
        Terminate(signal);
        _wake.Signal();
    }

    private void Terminate(int signal)
    {
        _terminateSignal = signal;
        _terminate = true;
    }

    private void Listen(PosixSignal signal, Action action) =>
        _registrations.Add(PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            action();
            _wake.Signal();
        }));

    private void HandleSignals(TimeSpan now)
    {
        if (_terminate)
        {
            TerminatedBy = _terminateSignal;
            _end ??= RelayEnd.Terminated;
            return;
        }

        if (_continued)
        {
            // Also after SIGSTOP, which nobody hears.
            _continued = false;
            GoOn(now);
        }

        if (_stopAsked && MayStop)
        {
            _stopAsked = false;
            StopCell(now);
        }

        if (_resized)
        {
            _resized = false;
            CopySize();
            _questionDrawn = null;
        }

        // Before the command is in the foreground these would be lost.
        if (_interrupt && MayStop)
        {
            _interrupt = false;
            Forward(Sigint);
        }

        if (_quit && MayStop)
        {
            _quit = false;
            Forward(Sigquit);
        }
    }

    private void Forward(int signal)
    {
        // With EXTPROC the cell's line discipline makes no signals from characters. Without it the character does what
        // the program in the foreground wants it to do.
        byte character = 0;
        if (_user.Interactive && Terminal.GetAttributes(_master, out TerminalAttributes cell).Succeeded)
        {
            character = signal == Sigint ? cell.Interrupt : cell.Quit;
        }

        if (character != 0)
        {
            Type(character);
        }
        else
        {
            // EIO and the like: no program is in the foreground, so there is none to signal.
            _ = Terminal.SignalForeground(_master, signal);
        }
    }

    /// <summary>Makes the terminal raw as soon as it is ours; a job that was started in the background comes to the
    /// foreground without any signal.</summary>
    private void KeepMode(TimeSpan now)
    {
        if (!_user.Interactive || _raw || now < _modeCheck || _end is not null)
        {
            return;
        }

        _modeCheck = now + Recheck;
        _raw = _user.Apply(_user.Original.AsRaw());
        if (_raw)
        {
            CopySize();
            TakeScreen();
        }
    }

    /// <summary>Whether what is typed now is for the cell. Not in the background, where the kernel would stop us; and
    /// not when another program of the pipeline (a pager behind us) has taken the keyboard.</summary>
    private bool MayRead()
    {
        if (!_user.IsForeground || (_user.Interactive && !_raw) || !MayStop)
        {
            return false;
        }

        return _user.Interactive || _question is not null
            || (Terminal.GetAttributes(_user.Descriptor, out TerminalAttributes now).Succeeded
                && now.Canonical == _expected.Canonical);
    }

    /// <summary>Shared terminal: a program of the cell changed its terminal; the person's one follows.</summary>
    private void FollowProgram()
    {
        if (Terminal.GetAttributes(_master, out TerminalAttributes cell).Failed)
        {
            return;
        }

        TerminalAttributes wanted = _user.Original.WithInputOf(cell);
        if (wanted != _expected && _user.Apply(wanted))
        {
            _expected = wanted;
        }
    }

    private void CopySize()
    {
        if (Terminal.GetSize(_user.Descriptor, out WindowSize size).Failed)
        {
            return;
        }

        bool changed = size != _size;
        _size = size;
        _repaintUntil = null;
        _ = Terminal.SetSize(_master, size);
        if (changed)
        {
            _options.Tap?.Resize(size.Columns, size.Rows);
        }
    }
}
