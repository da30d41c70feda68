using System.Text;
using ShellGuard.Cells.Supervision;
using ShellGuard.Linux;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cells.Terminals;

/// <summary>Notices and questions: what we ourselves put on the person's screen, and how the program's comes back.</summary>
public sealed partial class TerminalRelay
{
    /// <summary>How long an unfinished string may keep us from writing; then it is cancelled (CAN).</summary>
    private static readonly TimeSpan StringPatience = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a notice covers the last row of a full-screen program.</summary>
    private static readonly TimeSpan RowShown = TimeSpan.FromSeconds(3);

    /// <summary>How long the program sees another size, so that it looks before the old one is back.</summary>
    private static readonly TimeSpan RepaintPause = TimeSpan.FromMilliseconds(80);

    private static readonly TimeSpan AnswersComeWithin = TimeSpan.FromSeconds(2);

    private const int NoticesAtEnd = 32;

    private readonly byte[] _keys = new byte[4096];
    private PendingQuestion? _question;
    private QuestionDialog? _dialog;
    private TerminalAttributes _beforeQuestion;
    private bool _overAlternate;
    private TimeSpan? _questionDrawn;
    private bool _drawnArmed;
    private TimeSpan? _stringSince;
    private TimeSpan? _rowUntil;
    private TimeSpan? _repaintUntil;

    /// <summary>Whether we may write now; else a string is waited for, and cancelled when it takes too long.</summary>
    private bool TakeTurn(TimeSpan now)
    {
        if (!OutputIsEmpty)
        {
            return false;
        }

        if (!_stream.InString)
        {
            _stringSince = null;
            return true;
        }

        _stringSince ??= now;
        if (now - _stringSince < StringPatience)
        {
            return false;
        }

        _stringSince = null;
        _stream.BreakString();
        Write([0x18], recorded: true);
        return OutputIsEmpty;
    }

    private void ServeNotices(TimeSpan now)
    {
        if (_options.Notices is not { } notices || _question is not null || _rowUntil is not null)
        {
            return;
        }

        while (notices.MillisecondsUntilNext() == 0 && TakeTurn(now) && notices.TryTake(out string line))
        {
            if (_stream.Modes.AlternateScreen)
            {
                Write(NoticePainter.LastRow(line, _stream, CellSize), recorded: true);
                _stream.Row?.SavedIsTaken();
                _rowUntil = now + RowShown;
                return;
            }

            Write(NoticeLine(line), recorded: true);
        }
    }

    private byte[] NoticeLine(string line)
    {
        byte[] text = NoticePainter.Line(line, _stream, _size, _options.Colour);
        return _stream.Row is { } row ? row.Around(text) : text;
    }

    private void RunTimers(TimeSpan now)
    {
        if (_rowUntil is { } until && (now >= until || !_stream.Modes.AlternateScreen))
        {
            _rowUntil = null;
            if (_stream.Modes.AlternateScreen)
            {
                Repaint(now);
            }
        }

        if (_repaintUntil is { } back && now >= back)
        {
            _repaintUntil = null;
            _ = Terminal.SetSize(_master, CellSize);
        }
    }

    /// <summary>Has a full-screen program draw everything again. The kernel sends SIGWINCH only for another size.</summary>
    private void Repaint(TimeSpan now)
    {
        WindowSize size = CellSize;
        _ = Terminal.SetSize(_master, size with { Rows = size.Rows > 1 ? size.Rows - 1 : size.Rows + 1 });
        _repaintUntil = now + RepaintPause;
    }

    private void ServeQuestion(TimeSpan now)
    {
        if (_options.Questions is not { } questions)
        {
            return;
        }

        PendingQuestion? next = questions.Current(out int behind);
        if (_question is not null && !ReferenceEquals(next, _question))
        {
            if (next is null)
            {
                HideQuestion();
                return;
            }

            // The next one on the same screen; the cell stays held in between.
            _question = next;
            _dialog = new QuestionDialog(now);
            _questionDrawn = null;
        }

        if (_question is null && next is not null && _user.IsForeground && TakeTurn(now))
        {
            ShowQuestion(next, now);
        }

        DrawQuestion(behind, now);
    }

    private void ShowQuestion(PendingQuestion question, TimeSpan now)
    {
        // What was typed up to now was typed into the program. The terminal may be one that blocks.
        _typed.Set(0, _user.Descriptor, PollEvents.POLLIN);
        if (_typed.Wait(0).Succeeded && (_typed.Found(0) & PollEvents.POLLIN) != PollEvents.None)
        {
            ReadUser(now);
        }

        if (Terminal.GetAttributes(_user.Descriptor, out _beforeQuestion).Failed
            || !_user.Apply(_beforeQuestion.AsRaw()))
        {
            return;
        }

        _ = Terminal.DiscardInput(_user.Descriptor);
        _question = question;
        _dialog = new QuestionDialog(now);
        _rowUntil = null;
        _noReadUntil = TimeSpan.Zero;
        _questionDrawn = null;
        _overAlternate = _stream.Modes.AlternateScreen;
        string enter = _overAlternate ? "" : "\e[?1049h";
        Write(Encoding.UTF8.GetBytes($"{enter}{_stream.Modes.Clear()}\e[0m\e[2J"), recorded: false);
    }

    private void DrawQuestion(int behind, TimeSpan now)
    {
        if (_question is not { } question || _dialog is not { } dialog || !OutputIsEmpty)
        {
            return;
        }

        bool armed = dialog.IsArmed(now);
        if (now - _questionDrawn < TimeSpan.FromSeconds(1) && armed == _drawnArmed)
        {
            return;
        }

        _questionDrawn = now;
        _drawnArmed = armed;
        TimeSpan left = question.Deadline - _options.Questions!.Now;
        int seconds = Math.Max(0, (int)Math.Ceiling(left.TotalSeconds));
        string text = QuestionScreen.Draw(question.Access, seconds, armed, behind, _size, _options.Colour);
        Write(Encoding.UTF8.GetBytes(text), recorded: false);
    }

    private void ReadAnswer(TimeSpan now)
    {
        LinuxResult result = DescriptorIo.Read(_user.Descriptor, _keys);
        if (result.Error == Errno.EAGAIN)
        {
            return;
        }

        if (result.Failed || result.Value == 0)
        {
            _end = RelayEnd.TerminalLost;
            return;
        }

        // A key before the question is on the screen cannot be an answer to it, and nobody allows what cannot be read.
        if (OutputIsEmpty && _dialog!.Take(_keys.AsSpan(0, (int)result.Value), now) is { } answer
            && (answer == Answer.Deny || QuestionScreen.ShowsTarget(_question!.Access, _size)))
        {
            _options.Questions!.Resolve(_question!, answer);
        }
    }

    private void HideQuestion()
    {
        if (_question is null)
        {
            return;
        }

        _question = null;
        _dialog = null;
        _user.Apply(_beforeQuestion);
        Write(Encoding.UTF8.GetBytes(LeaveQuestion()), recorded: false);
        RestoreRow();
        if (_overAlternate)
        {
            Repaint(Now);
        }
    }

    private string LeaveQuestion()
    {
        string colours = "\e[0m" + Encoding.Latin1.GetString(_stream.Line.Colours);
        return _overAlternate
            ? $"\e[0m\e[2J{_stream.Modes.Restore()}{colours}"
            : $"\e[0m\e[2J{_stream.Modes.Restore()}\e[?1049l{colours}";
    }

    /// <summary>Milliseconds until a timer of ours; -1 is none.</summary>
    private int Timeout(TimeSpan now)
    {
        int least = -1;
        Consider(_rowUntil);
        Consider(_repaintUntil);
        Consider(_stopUntil);
        Consider(_stringSince + StringPatience);
        if (_noReadUntil > now)
        {
            Consider(_noReadUntil);
        }

        if (_hungUpUntil > now)
        {
            Consider(_hungUpUntil);
        }

        if (_user.Interactive && !_raw)
        {
            Consider(_modeCheck);
        }

        if (_question is not null && _dialog is not null)
        {
            Consider(_questionDrawn + TimeSpan.FromSeconds(1));
            if (!_dialog.IsArmed(now))
            {
                Consider(_dialog.ArmedAt);
            }
        }
        else if (_options.Questions?.Current(out _) is not null)
        {
            // It waits for its turn: for the foreground, or for the end of a string.
            Consider(now + Recheck);
        }

        if (_options.Notices?.MillisecondsUntilNext() is > 0 and int notice)
        {
            Consider(now + TimeSpan.FromMilliseconds(notice));
        }

        return least;

        void Consider(TimeSpan? time)
        {
            if (time is { } at)
            {
                int wait = (int)Math.Clamp(Math.Ceiling((at - now).TotalMilliseconds), 0, 60_000);
                least = least < 0 ? wait : Math.Min(least, wait);
            }
        }
    }

    /// <summary>The way out that shows what is left to say.</summary>
    private void Finish()
    {
        _options.Questions?.Close();
        HideQuestion();
        if (_end != RelayEnd.TerminalLost)
        {
            if (_stream.InString)
            {
                _stream.BreakString();
                Write([0x18], recorded: true);
            }

            Write(Encoding.UTF8.GetBytes(_stream.Modes.Undo()), recorded: true);
            _stream.Modes.Reset();
            GiveLabelBack();
            for (int count = 0; count < NoticesAtEnd && _options.Notices?.TryTake(out string line, last: true) == true; count++)
            {
                Write(NoticePainter.Line(line, _stream, _size, _options.Colour), recorded: true);
            }
        }

        LeaveTerminal();
    }

    private void LeaveTerminal()
    {
        _options.Questions?.Close();
        _resizes?.Dispose();

        // A terminal that does not take the rest within a second does not hold up the end.
        TimeSpan limit = Now + TimeSpan.FromSeconds(1);
        _poll.Set(WakeSlot, null, PollEvents.None);
        _poll.Set(MasterSlot, null, PollEvents.None);
        _poll.Set(StopSlot, null, PollEvents.None);
        while (_end != RelayEnd.TerminalLost && !OutputIsEmpty && Now < limit)
        {
            _poll.Set(UserSlot, _user.Descriptor, PollEvents.POLLOUT);
            if (_poll.Wait(100).Failed)
            {
                break;
            }

            _userWritable = (_poll.Found(UserSlot) & PollEvents.POLLOUT) != PollEvents.None;
            FlushOutput();
        }

        bool answersMayCome = Now - AnswersComeWithin < _lastAnswerExpected;
        if (answersMayCome && _end != RelayEnd.TerminalLost)
        {
            _poll.Set(UserSlot, null, PollEvents.None);
            _ = _poll.Wait(100);
        }

        _user.Restore(discardInput: answersMayCome);
        _user.ExitText = null;
    }

    /// <summary>For a process that ends by an exception; on any thread.</summary>
    private string ExitText() => (_question is null ? "" : LeaveQuestion()) + _stream.Modes.Undo()
        + (_rowTaken ? _stream.Row?.GiveBack() : "") + (_titleTaken ? PopTitle : "");
}
