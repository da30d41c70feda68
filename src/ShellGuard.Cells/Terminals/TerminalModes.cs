using System.Globalization;
using System.Text;

namespace ShellGuard.Cells.Terminals;

/// <summary>The modes that the cell switched on the person's terminal, so that a question can be drawn in spite of
/// them and an end can undo them. Numbers as in xterm's control sequences (DECSET).</summary>
internal sealed class TerminalModes
{
    private const int AutoWrap = 7;
    private const int CursorShown = 25;

    // Order matters for undoing: the alternate screens come first, so that the rest acts on the main one.
    private static readonly int[] Tracked =
        [1049, 1047, 47, 1, 5, 6, 7, 25, 66, 9, 1000, 1002, 1003, 1004, 1005, 1006, 1015, 1016, 2004, 2026];

    // What a question switches off while it is drawn: cursor keys stay as they are, the rest could hide or reorder it
    // or make input of its own.
    private static readonly int[] InTheWay = [5, 6, 9, 1000, 1002, 1003, 1004, 1005, 1006, 1015, 1016, 2026];

    private readonly HashSet<int> _changed = [];

    /// <summary>Whether the program draws on the alternate screen (vim, less, tmux).</summary>
    internal bool AlternateScreen => _changed.Contains(1049) || _changed.Contains(1047) || _changed.Contains(47);

    internal bool InsertMode { get; private set; }

    /// <summary>The scroll region's parameters (DECSTBM) or null when it is the whole screen.</summary>
    internal string? ScrollRegion { get; set; }

    /// <summary>The designator of G0 when it is not ASCII, for example line drawing.</summary>
    internal byte? CharacterSet { get; set; }

    internal bool ShiftedOut { get; set; }

    internal bool ApplicationKeypad { get; set; }

    internal bool HasChanges => _changed.Count > 0 || InsertMode || ScrollRegion is not null
        || CharacterSet is not null || ShiftedOut || ApplicationKeypad;

    internal void Set(int mode, bool on)
    {
        if (Array.IndexOf(Tracked, mode) < 0)
        {
            return;
        }

        bool isDefault = on == (mode is AutoWrap or CursorShown);
        _ = isDefault ? _changed.Remove(mode) : _changed.Add(mode);
    }

    internal void SetInsertMode(bool on) => InsertMode = on;

    internal void Reset()
    {
        _changed.Clear();
        SoftReset();
        ApplicationKeypad = false;
    }

    /// <summary>DECSTR.</summary>
    internal void SoftReset()
    {
        InsertMode = false;
        ScrollRegion = null;
        CharacterSet = null;
        ShiftedOut = false;
        _changed.Remove(AutoWrap);
        _changed.Remove(CursorShown);
        _changed.Remove(6);
    }

    /// <summary>Everything back to what a shell expects, for the end of a session.</summary>
    internal string Undo()
    {
        var text = new StringBuilder();
        foreach (int mode in Tracked)
        {
            if (_changed.Contains(mode))
            {
                Append(text, mode, mode is AutoWrap or CursorShown);
            }
        }

        text.Append(ScrollRegion is null ? "" : "\e7\e[r\e8");
        text.Append(InsertMode ? "\e[4l" : "");
        text.Append(CharacterSet is null ? "" : "\e(B");
        text.Append(ShiftedOut ? "\x0f" : "");
        text.Append(ApplicationKeypad ? "\e>" : "");
        return text.ToString();
    }

    /// <summary>The opposite of <see cref="Undo"/>, for a program that goes on.</summary>
    internal string Redo()
    {
        var text = new StringBuilder();
        foreach (int mode in Tracked)
        {
            if (_changed.Contains(mode))
            {
                Append(text, mode, mode is not (AutoWrap or CursorShown));
            }
        }

        text.Append(ScrollRegion is null ? "" : $"\e7\e[{ScrollRegion}r\e8");
        text.Append(InsertMode ? "\e[4h" : "");
        text.Append(CharacterSet is { } set ? $"\e({(char)set}" : "");
        text.Append(ShiftedOut ? "\x0e" : "");
        text.Append(ApplicationKeypad ? "\e=" : "");
        return text.ToString();
    }

    /// <summary>Switches off what is in the way of a question.</summary>
    internal string Clear()
    {
        var text = new StringBuilder("\e[r\e[4l\e(B\x0f\e[?7h\e[?25l");
        foreach (int mode in InTheWay)
        {
            if (_changed.Contains(mode))
            {
                Append(text, mode, on: false);
            }
        }

        return text.ToString();
    }

    /// <summary>Switches on again what <see cref="Clear"/> switched off. Moves the cursor (the scroll region does).</summary>
    internal string Restore()
    {
        var text = new StringBuilder();
        text.Append(ScrollRegion is null ? "" : $"\e[{ScrollRegion}r");
        text.Append(InsertMode ? "\e[4h" : "");
        text.Append(CharacterSet is { } set ? $"\e({(char)set}" : "");
        text.Append(ShiftedOut ? "\x0e" : "");
        text.Append(_changed.Contains(AutoWrap) ? "\e[?7l" : "");
        text.Append(_changed.Contains(CursorShown) ? "" : "\e[?25h");
        foreach (int mode in InTheWay)
        {
            if (_changed.Contains(mode))
            {
                Append(text, mode, on: true);
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, int mode, bool on) =>
        text.Append("\e[?").Append(mode.ToString(CultureInfo.InvariantCulture)).Append(on ? 'h' : 'l');
}
