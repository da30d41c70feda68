using System.Globalization;
using System.Text;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cells.Terminals;

/// <summary>Keeps the last row of the person's terminal from the cells that take turns at it, for the label of the one whose turn
/// it is. The cells are told of one row less; the scroll region ends above the row; and what would lead the cursor there is cut
/// short, rewritten or left out. The bytes that pass go straight to the terminal, which does the drawing.</summary>
/// <remarks>At the end of the scroll region a terminal scrolls, so that text and line feeds never reach the row by themselves.
/// Where that does not help (below a region that a program made smaller; CUD, which the Linux console and others take out of the
/// region) the cursor's row has to be known, and what is kept is the lowest on which it can be: each character that is not ASCII counts
/// for two columns. Where the bound is too low a movement ends early; none goes too far.</remarks>
internal sealed partial class LabelRow
{
    /// <summary>With fewer rows or columns the programs need them all.</summary>
    private const int LeastRows = 5;

    private const int LeastColumns = 20;
    private const int TabWidth = 8;

    /// <summary>The last row of the cells, from 1.</summary>
    private int _last = 1;

    private int _columns = 1;

    // The scroll region as a cell set it.
    private int _top = 1;
    private int _bottom = 1;

    private bool _wraps = true;
    private bool _ownTabs;
    private Place _place;

    /// <summary>Whether a terminal has room for the row.</summary>
    internal static bool Fits(WindowSize size) => size.Rows >= LeastRows && size.Columns >= LeastColumns;

    /// <summary>The size that the cells see.</summary>
    internal static WindowSize ForCells(WindowSize size) => size with
    {
        Rows = size.Rows - 1,
        PixelHeight = size.PixelHeight - (size.PixelHeight / size.Rows),
    };

    /// <summary>Whether something passed that erases the row: it has to be drawn again.</summary>
    internal bool IsErased { get; set; }

    /// <summary>The scroll region's parameters, or null when it is all that the cells have.</summary>
    internal string? Region => _top == 1 && _bottom == _last ? null : Parameters(_top, _bottom);

    /// <summary>The cursor may be anywhere above the row.</summary>
    internal void Lose() => _place = Unknown;

    /// <summary>Gives the terminal the scroll region; the cursor stays.</summary>
    internal string SetRegion()
    {
        SavedIsTaken();
        return $"\e7{RegionSequence}\e8";
    }

    /// <summary>For a line among a program's output: it may scroll all that the cells have.</summary>
    internal byte[] Around(byte[] line)
    {
        SavedIsTaken();
        _place = Unknown;
        return Region is null ? line : [.. Encoding.ASCII.GetBytes($"\e7\e[{Parameters(1, _last)}r\e8"), .. line, .. Encoding.ASCII.GetBytes(SetRegion())];
    }

    /// <summary>Something else is saved (DECSC) than what the program saved.</summary>
    internal void SavedIsTaken() => _saved.IsLost = true;

    /// <summary>The terminal was somebody else's, or has another size: nothing of it is known.</summary>
    internal void Resize(WindowSize size)
    {
        _last = size.Rows - 1;
        _columns = size.Columns;
        _mainIsLost |= _inAlternate;
        Reset();
    }

    /// <summary>Modes and region are the terminal's own again.</summary>
    internal void Reset()
    {
        _top = 1;
        _bottom = _last;
        _wraps = true;
        _originMayDiffer |= _origin;
        _place = Unknown;
        _saved = new Saved(Home, IsLost: true);
    }

    /// <summary>Takes the row: the cursor is above it afterwards. On the main screen nothing stays below the cursor's line: after
    /// another size the row of before would be among it.</summary>
    internal string Take(bool onMainScreen)
    {
        if (onMainScreen)
        {
            _mainIsLost = false;
            _main = new Saved(Unknown, IsLost: true);
        }

        _place = Unknown;
        return $"\e7\e[r\e8\n\e[A{(onMainScreen ? "\e7\r\n\e[J\e8" : "")}{SetRegion()}";
    }

    /// <summary>Gives the row back to the terminal.</summary>
    internal string GiveBack() => $"\e7\e[?6l\e[r\e[{_last + 1};1H\e[0m\e[2K\e8";

    /// <summary>Draws it.</summary>
    /// <param name="label">Safe to show.</param>
    /// <param name="modes">What a program has switched on.</param>
    internal string Draw(string label, TerminalModes modes)
    {
        IsErased = false;
        SavedIsTaken();
        string text = DisplayText.Fit($" shellguard: {label}", _columns - 1);
        string blanks = new(' ', Math.Max(0, _columns - 1 - DisplayText.Width(text)));
        return $"\e7\e[?6l\e[{_last + 1};1H{NoticePainter.CharacterSet(modes)}\e[0m\e[2K\e[7m{text}{blanks}\e[0m\e8";
    }

    /// <summary>Characters are drawn.</summary>
    /// <param name="columns">How many they take at most.</param>
    /// <param name="exact">Whether they take just so many.</param>
    /// <returns>False where they could wrap into the row: the terminal must not wrap them.</returns>
    internal bool Text(int columns, bool exact)
    {
        int end = _place.Column + columns;
        if (end <= _columns || !_wraps)
        {
            _place = _place with { Column = Math.Min(end, _columns), IsExact = _place.IsExact && exact && end <= _columns };
            return true;
        }

        int wraps = exact && _place.IsExact ? (end - 1) / _columns : ((columns - 1) / _columns) + 1;
        int row = _place.Row <= _bottom ? Math.Min(_place.Row + wraps, _bottom) : _place.Row + wraps;
        if (row > _last)
        {
            _place = _place with { Column = _columns, IsExact = false };
            return false;
        }

        _place = exact && _place.IsExact
            ? new Place(row, ((end - 1) % _columns) + 1, IsExact: true)
            : new Place(row, _columns, IsExact: false);
        return true;
    }

    /// <summary>The cursor moves down and scrolls (LF, VT, FF, IND, NEL).</summary>
    /// <returns>Whether it may: below a smaller region it could go on into the row.</returns>
    internal bool LineFeed()
    {
        int limit = _place.Row <= _bottom ? _bottom : _last;
        bool may = _place.Row <= _bottom || _place.Row < _last;
        _place = _place with { Row = Math.Min(_place.Row + 1, limit) };
        return may;
    }

    internal void CarriageReturn() => _place = _place with { Column = 0, IsExact = true };

    /// <summary>Where terminals put the cursor after a wrap that has not been carried out differs.</summary>
    internal void Backspace() => Back(1);

    internal void Tab() => _place = _ownTabs || _place.Column >= _columns - TabWidth
        ? _place with { Column = _columns, IsExact = false }
        : _place with { Column = ((_place.Column / TabWidth) + 1) * TabWidth };

    private void Back(int columns) => _place = _place with
    {
        Column = Math.Max(0, _place.Column - columns),
        IsExact = _place.IsExact && _place.Column < _columns,
    };

    private static Place Home => new(1, 0, IsExact: true);

    private Place Unknown => new(_last, _columns, IsExact: false);

    private string RegionSequence => $"\e[{Parameters(_top, _bottom)}r";

    private static string Parameters(int top, int bottom) => string.Create(CultureInfo.InvariantCulture, $"{top};{bottom}");

    /// <summary>The lowest row, from 1, and the rightmost column, from 0, at which the cursor can be; one more column when the next
    /// character wraps.</summary>
    private readonly record struct Place(int Row, int Column, bool IsExact);

    /// <summary>What DECSC keeps.</summary>
    private record struct Saved(Place Place, bool IsLost, bool Wraps = true, bool Origin = false);
}
