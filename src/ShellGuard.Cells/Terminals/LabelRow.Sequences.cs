using System.Globalization;
using System.Text;

namespace ShellGuard.Cells.Terminals;

/// <content>What becomes of escape sequences.</content>
internal sealed partial class LabelRow
{
    /// <summary>DECANM, DECCOLM, DECTEK and DECLRMM: the screen of another terminal, another width, margins at the sides.</summary>
    private static ReadOnlySpan<int> OtherScreens => [2, 3, 38, 69];

    private readonly byte[] _rewritten = new byte[512];
    private bool _inAlternate;
    private bool _mainIsLost;
    private bool _origin;

    /// <summary>Whether terminals differ in what origin mode is now.</summary>
    private bool _originMayDiffer;
    private Saved _saved = new(Home, IsLost: true);
    private Saved _main = new(Home, IsLost: true);

    /// <summary>ESC and what follows, but CSI and strings.</summary>
    /// <returns>What the terminal gets instead: the same, something else, or nothing.</returns>
    internal ReadOnlySpan<byte> Escape(ReadOnlySpan<byte> sequence)
    {
        if (sequence.Length == 3 && sequence[1] is (>= (byte)'(' and <= (byte)'/') or (byte)'%')
        {
            // Character sets.
            return sequence;
        }

        switch (sequence.Length == 2 ? sequence[1] : (byte)0)
        {
            case (byte)'7':
                Save();
                return sequence;
            case (byte)'8':
                return Restore(sequence);
            case (byte)'D':
                return LineFeed() ? sequence : default;
            case (byte)'E':
                bool feeds = LineFeed();
                CarriageReturn();
                return feeds ? sequence : "\r"u8;
            case (byte)'M':
                Up(1);
                return sequence;
            case (byte)'H':
                _ownTabs = true;
                return sequence;
            case (byte)'c':
                Reset();
                _place = Home;
                _ownTabs = false;
                _origin = false;
                _originMayDiffer = false;
                _inAlternate = false;
                _mainIsLost = false;
                IsErased = true;
                return Rewrite($"\ec{RegionSequence}");
            case (byte)'=' or (byte)'>' or (byte)'\\' or (byte)'N' or (byte)'O' or (byte)'Z' or (byte)'n' or (byte)'o'
                or (byte)'|' or (byte)'}' or (byte)'~' or 0x18 or 0x1a:
                return sequence;
            default:
                // Lines of double width, the screen filled with E, the lower left corner, locked memory.
                return default;
        }
    }

    /// <summary>A whole CSI sequence.</summary>
    /// <returns>What the terminal gets instead: the same, something else, or nothing.</returns>
    internal ReadOnlySpan<byte> Control(ReadOnlySpan<byte> sequence, scoped in ControlSequence parts)
    {
        if (sequence[1..].IndexOfAnyInRange<byte>(0, 0x1f) >= 0 || sequence.Contains((byte)0x7f))
        {
            // Terminals carry controls out in the middle of a sequence. No program writes that.
            return default;
        }

        return (parts.Marker, parts.Intermediate) switch
        {
            (0, 0) => Plain(sequence, parts),
            ((byte)'?', 0) when parts.Final is (byte)'h' or (byte)'l' => Modes(sequence, parts.Final == (byte)'h'),
            ((byte)'?', 0) when parts.Final is (byte)'J' => Erase(sequence, parts),

            // Asked for, modes of the keyboard, colours' stack; restored modes (CSI ? r) could be any.
            (_, 0) when parts.Final is (byte)'K' or (byte)'c' or (byte)'n' or (byte)'m' or (byte)'q' or (byte)'u' or (byte)'s'
                || (parts.Marker == (byte)'>' && parts.Final == (byte)'p') => sequence,
            (0, (byte)' ') when parts.Final == (byte)'q' => sequence,
            (0, (byte)'"') when parts.Final == (byte)'q' => sequence,
            (0, (byte)'#') when parts.Final is (byte)'{' or (byte)'}' or (byte)'p' or (byte)'q' => sequence,
            (0, (byte)'!') when parts.Final == (byte)'p' => SoftReset(),
            _ => default,
        };
    }

    private ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> sequence, scoped in ControlSequence parts)
    {
        if (parts.Final != (byte)'m' && sequence.Contains((byte)':'))
        {
            return default;
        }

        int count = Math.Max(1, parts.First);
        switch (parts.Final)
        {
            case (byte)'A':
                Up(count);
                return sequence;
            case (byte)'F':
                Up(count);
                CarriageReturn();
                return sequence;
            case (byte)'B' or (byte)'e':
                return Down(count, "");
            case (byte)'E':
                CarriageReturn();
                return Down(count, "\r");
            case (byte)'C' or (byte)'a':
                _place = _place with { Column = Math.Min(_place.Column + count, _columns - 1), IsExact = _place.IsExact && _place.Column < _columns };
                return sequence;
            case (byte)'D':
                Back(count);
                return sequence;
            case (byte)'G' or (byte)'`':
                _place = _place with { Column = Math.Min(count, _columns) - 1, IsExact = true };
                return sequence;
            case (byte)'H' or (byte)'f':
                _place = new Place(_place.Row, Math.Min(Math.Max(1, parts.Second), _columns) - 1, IsExact: true);
                return Go(count, Math.Max(1, parts.Second));
            case (byte)'d':
                return Go(count, null);
            case (byte)'r':
                return SetRegion(count, parts.Second);
            case (byte)'s':
                // With parameters margins at the sides, which are off.
                Save();
                return "\e7"u8;
            case (byte)'u':
                return Restore("\e8"u8);
            case (byte)'J':
                return Erase(sequence, parts);
            case (byte)'b':
                return Repeat(sequence, Math.Min(count, short.MaxValue));
            case (byte)'I':
                _place = _place with { Column = _columns, IsExact = false };
                return sequence;
            case (byte)'L' or (byte)'M' or (byte)'Z':
                _place = _place with { IsExact = false };
                return sequence;
            case (byte)'g':
                _ownTabs = true;
                return sequence;
            case (byte)'h' or (byte)'l':
                return parts.Count == 1 && parts.First == 4 ? sequence : default;
            case (byte)'t':
                // The size in characters has a row too many.
                return parts.First is 18 or 19 ? default : sequence;
            case (byte)'@' or (byte)'K' or (byte)'P' or (byte)'S' or (byte)'T' or (byte)'X' or (byte)'^' or (byte)'c' or (byte)'m'
                or (byte)'n' or (byte)'q' or (byte)'x':
                return sequence;
            default:
                return default;
        }
    }

    private ReadOnlySpan<byte> Erase(ReadOnlySpan<byte> sequence, scoped in ControlSequence parts)
    {
        IsErased |= parts.First != 1;
        return sequence;
    }

    /// <summary>The last character once more, and again.</summary>
    private ReadOnlySpan<byte> Repeat(ReadOnlySpan<byte> sequence, int count) =>
        Text(2 * count, exact: false) ? sequence : Rewrite($"\e[?7l{Encoding.ASCII.GetString(sequence)}\e[?7h");

    private void Up(int rows) => _place = _place with { Row = Math.Max(_place.Row - rows, _place.Row >= _top ? _top : 1) };

    private ReadOnlySpan<byte> Down(int rows, string before)
    {
        int limit = _place.Row <= _bottom ? _bottom : _last;
        if (rows >= _last - 1)
        {
            // Down to the end, as programs do that want to know the size.
            _place = _place with { Row = limit };
            return Rewrite($"{before}\e[{limit}d");
        }

        int may = Math.Min(rows, limit - _place.Row);
        _place = _place with { Row = _place.Row + may };
        return may == 0 ? Rewrite(before) : Rewrite(string.Create(CultureInfo.InvariantCulture, $"{before}\e[{may}B"));
    }

    /// <summary>With origin mode rows count from the region's first, and the terminal ends at its last.</summary>
    private ReadOnlySpan<byte> Go(int row, int? column)
    {
        int to = Math.Min(row, _last);
        int inRegion = Math.Min(_top - 1 + to, _bottom);
        _place = _place with { Row = _originMayDiffer ? Math.Max(to, inRegion) : _origin ? inRegion : to };
        return Rewrite(column is { } at
            ? string.Create(CultureInfo.InvariantCulture, $"\e[{to};{at}H")
            : string.Create(CultureInfo.InvariantCulture, $"\e[{to}d"));
    }

    private ReadOnlySpan<byte> SetRegion(int top, int bottom)
    {
        int end = bottom <= 0 ? _last : Math.Min(bottom, _last);
        if (top >= end)
        {
            return default;
        }

        _top = top;
        _bottom = end;
        _place = GoHome();
        return Rewrite(RegionSequence);
    }

    private ReadOnlySpan<byte> SoftReset()
    {
        _top = 1;
        _bottom = _last;
        _origin = false;
        _originMayDiffer = false;
        _wraps = true;
        _place = _place with { IsExact = false };
        _saved = new Saved(Home, IsLost: true);
        return Rewrite($"\e[!p{SetRegion()}");
    }

    private void Save() => _saved = new Saved(_place, IsLost: false, _wraps, _origin);

    /// <summary>Back to where it was saved; what we drew ourselves in between has taken the place in the terminal.</summary>
    private ReadOnlySpan<byte> Restore(ReadOnlySpan<byte> sequence)
    {
        _wraps |= _saved.Wraps;
        if (!_saved.IsLost)
        {
            _place = _saved.Place;
            _origin = _saved.Origin;
            return sequence;
        }

        string mode = _saved.Origin == _origin && !_originMayDiffer ? "" : _saved.Origin ? "\e[?6h" : "\e[?6l";
        _origin = _saved.Origin;
        _originMayDiffer = false;
        int row = _origin ? Math.Clamp(_saved.Place.Row, _top, _bottom) : Math.Min(_saved.Place.Row, _last);
        _place = _saved.Place with { Row = row };
        return Rewrite(string.Create(
            CultureInfo.InvariantCulture,
            $"{mode}\e[{(_origin ? row - _top + 1 : row)};{Math.Min(_saved.Place.Column, _columns - 1) + 1}H"));
    }

    private ReadOnlySpan<byte> Modes(ReadOnlySpan<byte> sequence, bool on)
    {
        ReadOnlySpan<byte> list = sequence[3..^1];
        int moving = 0;
        foreach (Range range in list.Split((byte)';'))
        {
            bool isNumber = int.TryParse(list[range], CultureInfo.InvariantCulture, out int mode);
            moving += mode is 6 or 47 or >= 1047 and <= 1049 ? 1 : 0;
            if (!isNumber || OtherScreens.Contains(mode) || moving > 1)
            {
                return default;
            }
        }

        string after = "";
        foreach (Range range in list.Split((byte)';'))
        {
            after += SetMode(int.Parse(list[range], CultureInfo.InvariantCulture), on);
        }

        return after.Length == 0 ? sequence : Rewrite(Encoding.ASCII.GetString(sequence) + after);
    }

    /// <returns>What the terminal needs behind it.</returns>
    private string SetMode(int mode, bool on)
    {
        switch (mode)
        {
            case 6:
                _origin = on;
                _originMayDiffer = false;
                _place = GoHome();
                return "";
            case 7:
                _wraps = on;
                return "";
            case 1048 when on:
                Save();
                return "";
            case 1048:
                bool lost = _saved.IsLost;
                ReadOnlySpan<byte> moved = Restore(default);
                return lost ? Encoding.ASCII.GetString(moved) : "";
            case 47 or 1047 or 1049:
                return SwitchScreen(on, saves: mode == 1049);
            default:
                return "";
        }
    }

    /// <summary>Each screen has a saved cursor of its own, in some terminals a region too, or where the cursor is.</summary>
    private string SwitchScreen(bool alternate, bool saves)
    {
        IsErased = true;
        if (alternate && !_inAlternate)
        {
            if (saves)
            {
                Save();
            }

            _main = _saved;
            _saved = new Saved(Home, IsLost: true);
        }
        else if (!alternate && _inAlternate)
        {
            _saved = _main;
        }

        _originMayDiffer |= !alternate && (_origin || _saved.Origin);
        bool wasIn = _inAlternate;
        _inAlternate = alternate;
        bool comesBack = !alternate && wasIn && !_mainIsLost && !_saved.IsLost;
        _place = !saves ? Unknown : alternate ? _place : comesBack ? _saved.Place : Unknown;
        if (!alternate && _mainIsLost)
        {
            // The window has another size since: the cursor may be on its last row, and the row of before above it.
            return Take(onMainScreen: true);
        }

        return SetRegion();
    }

    private Place GoHome() => Home with { Row = _origin ? _top : 1 };

    private ReadOnlySpan<byte> Rewrite(string text) => _rewritten.AsSpan(0, Encoding.ASCII.GetBytes(text, _rewritten));
}
