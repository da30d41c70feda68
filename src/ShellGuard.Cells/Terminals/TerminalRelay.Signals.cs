using System.Runtime.InteropServices;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cells.Terminals;

/// <summary>Signals, the window's size, and whose turn it is at the person's terminal.</summary>
public sealed partial class TerminalRelay
{
    private static readonly TimeSpan Recheck = TimeSpan.FromMilliseconds(150);

    // Set on other threads, read and cleared by the relay's thread.
    private volatile bool _resized;
    private volatile bool _stopAsked;
    private volatile bool _continued;
    private volatile bool _terminate;
    private volatile bool _interrupt;
    private volatile bool _quit;
    private volatile int _terminateSignal;

    private PosixSignalRegistration? _resizes;
    private bool _raw;
    private TerminalAttributes _expected;
    private TimeSpan _modeCheck;
    private TimeSpan _noReadUntil;

    /// <summary>Acts on a signal that came to this process: SIGINT and SIGQUIT go to the cell's foreground, SIGTSTP and
    /// SIGCONT are for both, SIGTERM and SIGHUP end the relay. Others are ignored.</summary>
    public void Signal(int signal)
    {
        switch (signal)
        {
            case SIG.INT:
                _interrupt = true;
                break;
            case SIG.QUIT:
                _quit = true;
                break;
            case SIG.TSTP:
                _stopAsked = true;
                break;
            case SIG.CONT:
                _continued = true;
                break;
            case SIG.TERM or SIG.HUP:
                _terminateSignal = signal;
                _terminate = true;
                break;
        }

        _wake.Signal();
    }

    private void ListenToSize()
    {
        _expected = _user.Original;
        _resizes = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ =>
        {
            _resized = true;
            _wake.Signal();
        });
    }

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

        if (_stopAsked)
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

        if (_interrupt)
        {
            _interrupt = false;
            Forward(SIG.INT);
        }

        if (_quit)
        {
            _quit = false;
            Forward(SIG.QUIT);
        }
    }

    private void Forward(int signal)
    {
        // With EXTPROC the cell's line discipline makes no signals from characters. Without it the character does what
        // the program in the foreground wants it to do.
        byte character = 0;
        if (_user.Interactive && Terminal.GetAttributes(_master, out TerminalAttributes cell).Succeeded)
        {
            character = signal == SIG.INT ? cell.Interrupt : cell.Quit;
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
        if (!_user.IsForeground || (_user.Interactive && !_raw) || !CommandReads)
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
        if (changed)
        {
            FitRow(size);
        }

        _ = Terminal.SetSize(_master, CellSize);
        if (changed)
        {
            _options.Tap?.Resize(size.Columns, size.Rows);
        }
    }
}
