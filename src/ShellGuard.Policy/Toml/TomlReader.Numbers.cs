using System.Globalization;

namespace ShellGuard.Policy.Toml;

/// <content>Booleans, integers and floats.</content>
internal sealed partial class TomlReader
{
    private TomlValue? ReadScalar()
    {
        int start = _at;
        TakeScalarCharacters();
        if (IsDate(_text.AsSpan(start, _at - start)) && Now == ' '
            && _at + 1 < _text.Length && char.IsAsciiDigit(_text[_at + 1]))
        {
            // TOML 1.0 lets a space stand for the T between date and time.
            _at++;
            TakeScalarCharacters();
        }

        var token = _text.AsSpan(start, _at - start);
        if (token.IsEmpty)
        {
            Error(start, start + 1, $"expected a value, found {DescribeNow()}");
            return null;
        }

        if (token is "true" or "false")
        {
            return new TomlBoolean(token is "true", Span(start));
        }

        bool date = token.Length > 4 && token[4] == '-' && char.IsAsciiDigit(token[0]);
        if (date || (token.Length > 2 && token[2] == ':'))
        {
            return ReadDateTime(token, start);
        }

        if (char.IsAsciiLetter(token[0]) && token is not ("inf" or "nan"))
        {
            Error(start, _at, $"expected a value; a string needs quotes: \"{Describe(token.ToString())}\"");
            return null;
        }

        return ReadNumber(token, start);
    }

    private void TakeScalarCharacters()
    {
        while (char.IsAsciiLetterOrDigit(Now) || Now is '_' or '+' or '-' or '.' or ':')
        {
            _at++;
        }
    }

    private TomlValue? ReadNumber(ReadOnlySpan<char> token, int start)
    {
        bool signed = token[0] is '+' or '-';
        bool negative = token[0] == '-';
        var digits = signed ? token[1..] : token;
        if (digits is "inf" or "nan")
        {
            double special = digits is "nan" ? double.NaN : double.PositiveInfinity;
            return new TomlFloat(negative ? -special : special, Span(start));
        }

        if (digits.Length > 1 && digits[0] == '0' && digits[1] is 'x' or 'o' or 'b')
        {
            return signed ? NotANumber(start) : ReadPrefixed(digits, start);
        }

        bool isFloat = digits.IndexOfAny('.', 'e', 'E') >= 0;
        if (!(isFloat ? IsFloat(digits) : IsDecimal(digits, leadingZeros: false)))
        {
            return NotANumber(start);
        }

        string plain = token.ToString().Replace("_", "", StringComparison.Ordinal);
        if (isFloat)
        {
            // IEEE 754: what is too large is infinite, what is too small is zero.
            double value = double.Parse(plain, NumberStyles.Float, CultureInfo.InvariantCulture);
            return new TomlFloat(value, Span(start));
        }

        if (long.TryParse(plain, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer))
        {
            return new TomlInteger(integer, Span(start));
        }

        Error(start, _at, "the integer does not fit 64 bits");
        return null;
    }

    private TomlInteger? ReadPrefixed(ReadOnlySpan<char> token, int start)
    {
        int radix = token[1] switch { 'x' => 16, 'o' => 8, _ => 2 };
        var digits = token[2..];
        ulong value = 0;
        bool afterDigit = false;
        foreach (char c in digits)
        {
            if (c == '_')
            {
                if (!afterDigit)
                {
                    return NotANumber(start);
                }

                afterDigit = false;
                continue;
            }

            int digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : int.MaxValue;
            if (digit >= radix)
            {
                return NotANumber(start);
            }

            if (value > (long.MaxValue - (ulong)digit) / (ulong)radix)
            {
                Error(start, _at, "the integer does not fit 64 bits");
                return null;
            }

            value = (value * (ulong)radix) + (ulong)digit;
            afterDigit = true;
        }

        return afterDigit ? new TomlInteger((long)value, Span(start)) : NotANumber(start);
    }

    private TomlInteger? NotANumber(int start)
    {
        Error(start, _at, $"'{Describe(_text[start.._at])}' is not a value of TOML");
        return null;
    }

    private static bool IsFloat(ReadOnlySpan<char> text)
    {
        int exponent = text.IndexOfAny('e', 'E');
        var mantissa = exponent < 0 ? text : text[..exponent];
        if (exponent >= 0)
        {
            var power = text[(exponent + 1)..];
            if (!power.IsEmpty && power[0] is '+' or '-')
            {
                power = power[1..];
            }

            if (!IsDecimal(power, leadingZeros: true))
            {
                return false;
            }
        }

        int dot = mantissa.IndexOf('.');
        return dot < 0
            ? IsDecimal(mantissa, leadingZeros: false)
            : IsDecimal(mantissa[..dot], leadingZeros: false) && IsDecimal(mantissa[(dot + 1)..], leadingZeros: true);
    }

    /// <summary>Digits with single underscores between them.</summary>
    private static bool IsDecimal(ReadOnlySpan<char> text, bool leadingZeros)
    {
        if (text.IsEmpty || (!leadingZeros && text.Length > 1 && text[0] == '0'))
        {
            return false;
        }

        bool afterDigit = false;
        foreach (char c in text)
        {
            if (c == '_' ? !afterDigit : !char.IsAsciiDigit(c))
            {
                return false;
            }

            afterDigit = c != '_';
        }

        return afterDigit;
    }
}
