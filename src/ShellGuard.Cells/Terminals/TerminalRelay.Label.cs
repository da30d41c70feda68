using System.Text;
using ShellGuard.Core;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cells.Terminals;

/// <summary>Says who has the terminal: in its last row, which no cell can draw on, and in the window's title. Where neither is there, in
/// a line at each change.</summary>
public sealed partial class TerminalRelay
{
    /// <summary>The title of before comes back at the end: XTWINOPS 22 and 23.</summary>
    private const string PushTitle = "\e[22;0t";

    private const string PopTitle = "\e[23;0t";

    private string _label = "";

    /// <summary>Whether the row is ours on the terminal that is there now.</summary>
    private bool _rowTaken;

    private bool _titleTaken;

    private bool HasTitle => _options is { Label: not null, Abilities.Title: true } && _user.Interactive;

    /// <summary>The size that the cells see.</summary>
    private WindowSize CellSize => _stream.Row is null ? _size : LabelRow.ForCells(_size);

    private string Title => $"\e]2;shellguard: {_label}\e\\";

    private void BeginLabel()
    {
        if (_options.Label is null || !_user.Interactive)
        {
            return;
        }

        _label = SafeText.Message(_options.Label);
        if (!HasTitle && _stream.Row is null)
        {
            _extra = NoticePainter.Turn(_label, _stream, _options.Colour);
        }
    }

    /// <summary>Another cell has the terminal, or the same one knows more.</summary>
    private void Tell(string label)
    {
        _label = SafeText.Message(label);
        if (_titleTaken)
        {
            Write(Encoding.UTF8.GetBytes(Title), recorded: false);
        }

        if (_rowTaken)
        {
            DrawLabel();
        }
        else if (!HasTitle && _stream.Row is null && _user.Interactive)
        {
            Write(NoticePainter.Turn(_label, _stream, _options.Colour), recorded: true);
        }
    }

    /// <summary>The window has this size now.</summary>
    private void FitRow(WindowSize size)
    {
        bool has = _options is { Label: not null, Abilities.ScrollRegion: true } && _user.Interactive && LabelRow.Fits(size);
        if (!has)
        {
            GiveRowBack();
            _stream.Row = null;
            return;
        }

        _stream.Row ??= new LabelRow();
        _stream.Row.Resize(size);
        _stream.Modes.ScrollRegion = null;
        _rowTaken = false;
    }

    /// <summary>Makes row and title ours as soon as the terminal is, and nothing is in the middle of anything.</summary>
    private void ServeLabel(TimeSpan now)
    {
        bool takesTitle = HasTitle && !_titleTaken;
        bool takesRow = _stream.Row is not null && !_rowTaken;
        if ((!takesTitle && !takesRow) || !_raw || _question is not null || !_user.IsForeground || !TakeTurn(now))
        {
            return;
        }

        if (takesTitle)
        {
            _titleTaken = true;
            Write(Encoding.UTF8.GetBytes(PushTitle + Title), recorded: false);
        }

        if (takesRow)
        {
            _rowTaken = true;
            string taken = _stream.Row!.Take(onMainScreen: _modesAreOff || !_stream.Modes.AlternateScreen);
            Write(Encoding.UTF8.GetBytes(taken), recorded: true);
            DrawLabel();
        }
    }

    private void DrawLabel() => Write(Encoding.UTF8.GetBytes(_stream.Row!.Draw(_label, _stream.Modes)), recorded: true);

    /// <summary>After what we did ourselves to the region.</summary>
    private void RestoreRow()
    {
        if (_stream.Row is { } row && _rowTaken)
        {
            row.Lose();
            Write(Encoding.UTF8.GetBytes(row.SetRegion()), recorded: true);
            DrawLabel();
        }
    }

    private void GiveRowBack()
    {
        if (_rowTaken)
        {
            _rowTaken = false;
            Write(Encoding.UTF8.GetBytes(_stream.Row!.GiveBack()), recorded: true);
        }
    }

    private void GiveLabelBack()
    {
        GiveRowBack();
        if (_titleTaken)
        {
            _titleTaken = false;
            Write(Encoding.UTF8.GetBytes(PopTitle), recorded: false);
        }
    }

    /// <summary>The row, behind a chunk that erased it, in the same write.</summary>
    private void AppendLabel()
    {
        if (_rowTaken && _stream.Row is { IsErased: true } row && !_stream.InString)
        {
            byte[] text = Encoding.UTF8.GetBytes(row.Draw(_label, _stream.Modes));
            text.CopyTo(_out, _outLength);
            _outLength += text.Length;
        }
    }
}
