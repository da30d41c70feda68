using System.Globalization;
using System.Text;

namespace ShellGuard.Policy.Toml;

/// <content>The four forms of strings. A bad escape is reported and the string goes on; null only when its end is
/// missing.</content>
internal sealed partial class TomlReader
{
    private string? ReadBasicString()
    {
        int start = _at++;
        var value = new StringBuilder();
        while (true)
        {
            if (AtEnd || Now == '\n' || IsCrLf(_at))
            {
                Error(start, _at, "this string is not closed with '\"' on its line");
                return null;
            }

            if (Now == '"')
            {
                _at++;
                return value.ToString();
            }

            TakeStringCharacter(value, escapes: true);
        }
    }

    private string? ReadLiteralString()
    {
        int start = _at++;
        var value = new StringBuilder();
        while (true)
        {
            if (AtEnd || Now == '\n' || IsCrLf(_at))
            {
                Error(start, _at, "this string is not closed with \"'\" on its line");
                return null;
            }

            if (Now == '\'')
            {
                _at++;
                return value.ToString();
            }

            TakeStringCharacter(value, escapes: false);
        }
    }

    private string? ReadMultiLineString(char quote)
    {
        int start = _at;
        _at += 3;
        TakeNewline();
        var value = new StringBuilder();
        while (!AtEnd)
        {
            if (Now == quote)
            {
                int quotes = 0;
                while (_at < _text.Length && _text[_at] == quote && quotes < 5)
                {
                    _at++;
                    quotes++;
                }

                // Up to two quotes may stand directly before the closing three.
                value.Append(quote, quotes >= 3 ? quotes - 3 : quotes);
                if (quotes >= 3)
                {
                    return value.ToString();
                }
            }
            else if (Now == '\n' || IsCrLf(_at))
            {
                TakeNewline();
                value.Append('\n');
            }
            else if (quote == '"' && Now == '\\' && IsLineEndingBackslash())
            {
                _at++;
                while (Now is ' ' or '\t' || (!AtEnd && (Now == '\n' || IsCrLf(_at))))
                {
                    _at++;
                }
            }
            else
            {
                TakeStringCharacter(value, escapes: quote == '"');
            }
        }

        Error(start, start + 3, $"this string is not closed with {new string(quote, 3)}");
        return null;
    }

    private bool IsLineEndingBackslash()
    {
        int at = _at + 1;
        while (at < _text.Length && _text[at] is ' ' or '\t')
        {
            at++;
        }

        return at < _text.Length && (_text[at] == '\n' || IsCrLf(at));
    }

    private void TakeStringCharacter(StringBuilder value, bool escapes)
    {
        if (escapes && Now == '\\')
        {
            TakeEscape(value);
            return;
        }

        if (IsControl(Now))
        {
            string hint = escapes ? $", write \\u{(int)Now:X4}" : "";
            Error(_at, _at + 1, $"the control character U+{(int)Now:X4} in a string{hint}");
        }

        value.Append(Now);
        _at++;
    }

    private void TakeEscape(StringBuilder value)
    {
        int start = _at++;
        char kind = Now;
        if (AtEnd || kind is '\n' or '\r')
        {
            Error(start, start + 1, "a backslash must be followed by an escape");
            return;
        }

        _at++;
        switch (kind)
        {
            case 'b': value.Append('\b'); break;
            case 't': value.Append('\t'); break;
            case 'n': value.Append('\n'); break;
            case 'f': value.Append('\f'); break;
            case 'r': value.Append('\r'); break;
            case '"': value.Append('"'); break;
            case '\\': value.Append('\\'); break;
            case 'u': TakeCodePoint(value, start, 4); break;
            case 'U': TakeCodePoint(value, start, 8); break;
            default:
                Error(start, _at, $"unknown escape: \\ before {DescribeCharacter(kind)}; a backslash itself is \\\\");
                break;
        }
    }

    private void TakeCodePoint(StringBuilder value, int start, int digits)
    {
        int end = _at;
        while (end < _text.Length && end - _at < digits && char.IsAsciiHexDigit(_text[end]))
        {
            end++;
        }

        var text = _text.AsSpan(_at, end - _at);
        _at = end;
        if (text.Length < digits)
        {
            Error(start, _at, $"expected {digits} hexadecimal digits");
        }
        else if (!uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint code)
            || !Rune.TryCreate(code, out Rune rune))
        {
            Error(start, _at, "not a Unicode scalar value");
        }
        else
        {
            value.Append(rune.ToString());
        }
    }
}
