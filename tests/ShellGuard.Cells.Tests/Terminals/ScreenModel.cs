using System.Globalization;

namespace ShellGuard.Cells.Tests.Terminals;

/// <summary>A terminal's screen, as much of it as moves the cursor, scrolls and erases: the VT100 with what xterm adds. Takes whole
/// sequences.</summary>
/// <param name="leavesRegion">Whether CUD leaves the scroll region, as in the Linux console.</param>
internal sealed class ScreenModel(int columns, int rows, bool leavesRegion = false)
{
    private char[][] _screen = Blank(columns, rows);
    private char[][] _other = Blank(columns, rows);
    private (int Row, int Column, bool Pending, bool Origin) _saved;
    private (int Row, int Column, bool Pending, bool Origin) _otherSaved;
    private int _top;
    private int _bottom = rows - 1;
    private int _column;
    private bool _pending;
    private bool _origin;
    private bool _wraps = true;
    private bool _alternate;

    internal int Row { get; private set; }

    internal string Line(int row) => new string(_screen[row]).TrimEnd();

    internal string[] Lines(int count) => [.. Enumerable.Range(0, count).Select(Line)];

    internal void Write(string text)
    {
        for (int at = 0; at < text.Length;)
        {
            if (text[at] != '\e')
            {
                Character(text[at++]);
            }
            else if (text[at + 1] == '[')
            {
                int end = at + 2;
                while (text[end] is < '@' or > '~')
                {
                    end++;
                }

                Control(text[(at + 2)..end], text[end]);
                at = end + 1;
            }
            else if (text[at + 1] == '(')
            {
                at += 3;
            }
            else
            {
                Escape(text[at + 1]);
                at += 2;
            }
        }
    }

    private static char[][] Blank(int columns, int rows) => [.. Enumerable.Range(0, rows).Select(_ => Blank(columns))];

    private static char[] Blank(int columns) => [.. Enumerable.Repeat(' ', columns)];

    private void Character(char character)
    {
        switch (character)
        {
            case '\r':
                (_column, _pending) = (0, false);
                break;
            case '\n' or '\v' or '\f':
                Index();
                break;
            case '\b':
                (_column, _pending) = (Math.Max(0, _column - 1), false);
                break;
            case '\t':
                _column = Math.Min(columns - 1, (_column / 8 * 8) + 8);
                break;
            case '\x0f':
                break;
            default:
                Draw(character, character > 0x7f ? 2 : 1);
                break;
        }
    }

    private void Draw(char character, int width)
    {
        if (_pending && _wraps)
        {
            Next();
        }
        else if (_column + width > columns)
        {
            if (_wraps)
            {
                Next();
            }
            else
            {
                _column = columns - width;
            }
        }

        Array.Fill(_screen[Row], character, _column, width);
        _pending = _column + width == columns;
        _column = Math.Min(columns - 1, _column + width);
    }

    private void Next()
    {
        _column = 0;
        Index();
    }

    private void Index()
    {
        _pending = false;
        if (Row == _bottom)
        {
            Scroll(_top, 1);
        }
        else
        {
            Row = Math.Min(rows - 1, Row + 1);
        }
    }

    private void Scroll(int from, int lines)
    {
        for (int row = 0; row <= _bottom - from; row++)
        {
            int at = lines > 0 ? from + row : _bottom - row;
            int source = at + lines;
            _screen[at] = source >= from && source <= _bottom ? _screen[source] : Blank(columns);
        }
    }

    private void Escape(char final)
    {
        switch (final)
        {
            case '7':
                _saved = (Row, _column, _pending, _origin);
                break;
            case '8':
                (Row, _column, _pending, _origin) = _saved;
                break;
            case 'D':
                Index();
                break;
            case 'E':
                Next();
                break;
            case 'M' when Row == _top:
                Scroll(_top, -1);
                _pending = false;
                break;
            case 'M':
                (Row, _pending) = (Math.Max(0, Row - 1), false);
                break;
            case 'c':
                (_screen, _other) = (Blank(columns, rows), Blank(columns, rows));
                (_top, _bottom, _origin, _wraps, _alternate) = (0, rows - 1, false, true, false);
                (Row, _column, _pending, _saved) = (0, 0, false, default);
                break;
        }
    }

    private void Control(string parameters, char final)
    {
        if (parameters.StartsWith('?') && final is 'h' or 'l')
        {
            foreach (string mode in parameters[1..].Split(';'))
            {
                Mode(mode, final == 'h');
            }

            return;
        }

        string[] numbers = parameters.TrimStart('?', '!').Split(';');
        int first = Number(numbers, 0);
        int count = Math.Max(1, first);
        int floor = Row <= _bottom && !(leavesRegion && !_origin) ? _bottom : rows - 1;
        int ceiling = Row >= _top ? _top : 0;
        switch (final)
        {
            case 'A' or 'F':
                (Row, _column, _pending) = (Math.Max(ceiling, Row - count), final == 'F' ? 0 : _column, false);
                break;
            case 'B' or 'e' or 'E':
                (Row, _column, _pending) = (Math.Min(floor, Row + count), final == 'E' ? 0 : _column, false);
                break;
            case 'C' or 'a':
                (_column, _pending) = (Math.Min(columns - 1, _column + count), false);
                break;
            case 'D':
                (_column, _pending) = (Math.Max(0, _column - count), false);
                break;
            case 'G' or '`':
                (_column, _pending) = (Math.Min(columns, count) - 1, false);
                break;
            case 'H' or 'f':
                (Row, _column, _pending) = (RowOf(count), Math.Clamp(Number(numbers, 1), 1, columns) - 1, false);
                break;
            case 'd':
                (Row, _pending) = (RowOf(count), false);
                break;
            case 'r':
                int bottom = Number(numbers, 1) <= 0 ? rows : Math.Min(rows, Number(numbers, 1));
                if (count < bottom)
                {
                    (_top, _bottom) = (count - 1, bottom - 1);
                    (Row, _column, _pending) = (RowOf(1), 0, false);
                }

                break;
            case 'J':
                Erase(first, 0, rows, Row);
                break;
            case 'K':
                EraseLine(first);
                break;
            case 'L' or 'M' when Row >= _top && Row <= _bottom:
                for (int line = 0; line < Math.Min(count, rows); line++)
                {
                    Scroll(Row, final == 'L' ? -1 : 1);
                }

                (_column, _pending) = (0, false);
                break;
            case 'S' or 'T':
                for (int line = 0; line < Math.Min(count, rows); line++)
                {
                    Scroll(_top, final == 'S' ? 1 : -1);
                }

                break;
            case 's' or 'u':
                Escape(final == 's' ? '7' : '8');
                break;
            case 'p':
                (_top, _bottom, _origin, _saved) = (0, rows - 1, false, default);
                break;
        }
    }

    private int RowOf(int number) => _origin ? Math.Min(_bottom, _top + number - 1) : Math.Min(rows, number) - 1;

    private void Erase(int part, int first, int end, int here)
    {
        for (int row = first; row < end; row++)
        {
            if (part >= 2 || (part <= 0 && row > here) || (part == 1 && row < here))
            {
                _screen[row] = Blank(columns);
            }
        }

        if (part < 2)
        {
            EraseLine(part);
        }
    }

    private void EraseLine(int part)
    {
        int from = part <= 0 ? _column : 0;
        int to = part == 1 ? _column + 1 : columns;
        Array.Fill(_screen[Row], ' ', from, to - from);
    }

    private void Mode(string mode, bool on)
    {
        switch (mode)
        {
            case "6":
                _origin = on;
                (Row, _column, _pending) = (RowOf(1), 0, false);
                break;
            case "7":
                _wraps = on;
                break;
            case "1048":
                Escape(on ? '7' : '8');
                break;
            case "47" or "1049" when on != _alternate:
                if (mode == "1049" && on)
                {
                    Escape('7');
                }

                (_screen, _other, _alternate) = (_other, _screen, on);
                (_saved, _otherSaved) = (_otherSaved, _saved);
                if (mode == "1049" && on)
                {
                    _screen = Blank(columns, rows);
                }
                else if (mode == "1049")
                {
                    Escape('8');
                }

                break;
        }
    }

    private static int Number(string[] numbers, int index) =>
        index < numbers.Length && int.TryParse(numbers[index], CultureInfo.InvariantCulture, out int value) ? value : -1;
}
