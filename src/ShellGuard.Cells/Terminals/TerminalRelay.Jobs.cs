using System.Text;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cells.Terminals;

/// <summary>Job control of the shell outside: the command and we stop together and go on together.</summary>
public sealed partial class TerminalRelay
{

    /// <summary>How long the command may take to stop, and its last output to be shown, before we stop.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromMilliseconds(500);

    private readonly byte[] _reports = new byte[64];
    private volatile bool _commandRuns;
    private bool _noReports;
    private TimeSpan? _stopUntil;
    private bool _commandStopped;
    private bool _stopOthers;
    private bool _modesAreOff;

    /// <summary>Whether there is a command that gets what is typed. A Ctrl-Z before that would stop the launch in its
    /// last step, where nothing could continue it.</summary>
    private bool CommandReads => _options.Job is null || _commandRuns;

    /// <summary>The command has been executed: from now on it gets what is typed, and signals may come.</summary>
    public void CommandRuns()
    {
        _commandRuns = true;
        _wake.Signal();
    }

    /// <summary>SIGTSTP came: from the terminal where the pipeline shares it, else from kill(1). The cell's job gets
    /// it too, and a moment to leave the screen as the shell needs it.</summary>
    private void StopCell(TimeSpan now)
    {
        if (!JobControl.CanBeContinued())
        {
            return;
        }

        _stopUntil ??= now;
        if (_options.Job is not null)
        {
            // EIO and the like: no program is in the foreground, so there is none to wait for.
            LinuxResult signalled = Terminal.SignalForeground(_master, SIG.TSTP);
            _stopUntil = signalled.Succeeded ? now + StopPatience : now;
        }
    }

    private void ReadReports()
    {
        LinuxResult read = DescriptorIo.Read(_options.Job!.Stops, _reports);
        _noReports = read is { Succeeded: true, Value: 0 };
        if (read.Succeeded && read.Value > 0 && _options.Job.IsStopped())
        {
            _commandStopped = true;

            // What is typed stops the whole job outside, and so what else is in it: the script that runs us, the rest
            // of the pipeline. Every other signal was the command's alone.
            _stopOthers = _reports[(int)read.Value - 1] == SIG.TSTP;
            _stopUntil ??= Now + StopPatience;
        }
    }

    /// <summary>Stops when the command has stopped and everything that it wrote is on the screen, or when that takes
    /// too long.</summary>
    private void ServeStop(TimeSpan now)
    {
        if (_stopUntil is not { } until)
        {
            return;
        }

        while (Now < until && OutputIsEmpty && ReadMaster())
        {
        }

        if (now >= until || (_commandStopped && OutputIsEmpty))
        {
            StopAsJob(now);
        }
    }

    private void StopAsJob(TimeSpan now)
    {
        bool others = _stopOthers;
        _stopUntil = null;
        _commandStopped = false;
        _stopOthers = false;
        if (JobControl.CanBeContinued())
        {
            HideQuestion();
            if (_stream.Modes.HasChanges && _user.IsForeground)
            {
                // The program was stopped without a chance to do this itself.
                _modesAreOff = true;
                Write(Encoding.UTF8.GetBytes(_stream.Modes.Undo()), recorded: true);
            }

            if (_user.IsForeground)
            {
                GiveLabelBack();
            }

            _rowTaken = false;
            _titleTaken = false;
            _user.Restore();
            _expected = _user.Original;
            JobControl.Stop(others).OrThrow();
        }

        GoOn(now);
    }

    /// <summary>After SIGCONT. The shell had the terminal meanwhile.</summary>
    private void GoOn(TimeSpan now)
    {
        _raw = false;
        _resized = true;
        _modeCheck = TimeSpan.Zero;
        _noReadUntil = TimeSpan.Zero;
        KeepMode(now);
        if (!_user.Interactive)
        {
            FollowProgram();
            TakeScreen();
        }

        _options.Job?.Continue();
    }

    /// <summary>Switches on again what was switched off when we stopped; not in the background, where the screen is
    /// the shell's.</summary>
    private void TakeScreen()
    {
        if (!_modesAreOff || !_user.IsForeground)
        {
            return;
        }

        _modesAreOff = false;
        ServeLabel(Now);
        Write(Encoding.UTF8.GetBytes(_stream.Modes.Redo()), recorded: true);
        RestoreRow();
        if (_stream.Modes.AlternateScreen)
        {
            Repaint(Now);
        }
    }
}
