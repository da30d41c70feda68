namespace ShellGuard.Policy.Toml;

/// <content>Dates and times of RFC 3339, section 5.6.</content>
internal sealed partial class TomlReader
{
    private TomlDateTime? ReadDateTime(ReadOnlySpan<char> token, int start)
    {
        TomlDate? date = null;
        TomlTime? time = null;
        int? offset = null;
        var rest = token;
        bool valid = true;
        if (token[2] != ':')
        {
            valid = TakeDate(ref rest, out date);
            if (valid && !rest.IsEmpty)
            {
                valid = rest[0] is 'T' or 't' or ' ';
                rest = rest[1..];
                valid = valid && TakeTime(ref rest, out time) && TakeOffset(ref rest, out offset);
            }
        }
        else
        {
            valid = TakeTime(ref rest, out time);
        }

        if (valid && rest.IsEmpty)
        {
            return new TomlDateTime(date, time, offset, Span(start));
        }

        Error(start, _at, $"'{Describe(token.ToString())}' is not a date or time");
        return null;
    }

    private static bool IsDate(ReadOnlySpan<char> text) => text.Length == 10 && TakeDate(ref text, out _);

    private static bool TakeDate(ref ReadOnlySpan<char> text, out TomlDate? date)
    {
        date = null;
        if (!TakeDigits(ref text, 4, out int year) || !Take(ref text, '-')
            || !TakeDigits(ref text, 2, out int month) || !Take(ref text, '-')
            || !TakeDigits(ref text, 2, out int day)
            || month is < 1 or > 12 || day < 1 || day > DaysIn(year, month))
        {
            return false;
        }

        date = new TomlDate(year, month, day);
        return true;
    }

    private static bool TakeTime(ref ReadOnlySpan<char> text, out TomlTime? time)
    {
        time = null;
        if (!TakeDigits(ref text, 2, out int hour) || !Take(ref text, ':')
            || !TakeDigits(ref text, 2, out int minute) || !Take(ref text, ':')
            || !TakeDigits(ref text, 2, out int second)
            || hour > 23 || minute > 59 || second > 60)
        {
            return false;
        }

        int nanosecond = 0;
        if (Take(ref text, '.'))
        {
            int scale = 100_000_000;
            int digits = 0;
            while (!text.IsEmpty && char.IsAsciiDigit(text[0]))
            {
                nanosecond += (text[0] - '0') * scale;
                scale /= 10;
                digits++;
                text = text[1..];
            }

            if (digits == 0)
            {
                return false;
            }
        }

        time = new TomlTime(hour, minute, second, nanosecond);
        return true;
    }

    private static bool TakeOffset(ref ReadOnlySpan<char> text, out int? minutes)
    {
        minutes = null;
        if (text.IsEmpty)
        {
            return true;
        }

        char sign = text[0];
        text = text[1..];
        if (sign is 'Z' or 'z')
        {
            minutes = 0;
            return true;
        }

        if (sign is not ('+' or '-') || !TakeDigits(ref text, 2, out int hour) || !Take(ref text, ':')
            || !TakeDigits(ref text, 2, out int minute) || hour > 23 || minute > 59)
        {
            return false;
        }

        minutes = (sign == '-' ? -1 : 1) * ((hour * 60) + minute);
        return true;
    }

    private static bool TakeDigits(ref ReadOnlySpan<char> text, int count, out int value)
    {
        value = 0;
        if (text.Length < count)
        {
            return false;
        }

        foreach (char c in text[..count])
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }

            value = (value * 10) + c - '0';
        }

        text = text[count..];
        return true;
    }

    private static bool Take(ref ReadOnlySpan<char> text, char expected)
    {
        if (text.IsEmpty || text[0] != expected)
        {
            return false;
        }

        text = text[1..];
        return true;
    }

    private static int DaysIn(int year, int month) => month switch
    {
        2 => (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };
}
