using ShellGuard.Core;

namespace ShellGuard.Policy.Toml;

/// <summary>Reads TOML 1.0. Never throws, whatever the bytes; goes on after a mistake so that one run reports them
/// all. A document with errors is not a policy: what was read of it serves messages only.</summary>
internal sealed partial class TomlReader
{
    /// <summary>The longest document that is read, in bytes.</summary>
    public const int MaximumBytes = 4 * 1024 * 1024;

    /// <summary>How deep arrays, inline tables and keys may nest: recursion must not be the input's choice.</summary>
    public const int MaximumDepth = 64;

    private const int MaximumErrors = 100;

    private readonly TomlText _source;
    private readonly string _text;
    private readonly List<TomlError> _errors = [];
    private readonly TomlTable _root;
    private TomlTable _current;
    private int _at;
    private bool _givenUp;

    private TomlReader(TomlText source)
    {
        _source = source;
        _text = source.Text;
        _root = new TomlTable(TomlTableOrigin.Header, new TomlSpan(1, 1, 1));
        _current = _root;
    }

    private bool AtEnd => _at >= _text.Length;

    // A NUL in the text is refused everywhere, so that '\0' can stand for "nothing more".
    private char Now => _at < _text.Length ? _text[_at] : '\0';

    public static TomlDocument Read(ReadOnlySpan<byte> bytes)
    {
        bool tooLong = bytes.Length > MaximumBytes;
        var source = TomlText.Decode(tooLong ? default : bytes, out var malformed);
        var reader = new TomlReader(source);
        if (tooLong)
        {
            reader.Error(0, 1, $"the document is longer than {MaximumBytes / 1024 / 1024} MiB");
        }

        foreach (int offset in malformed)
        {
            reader.Error(offset, offset + 1, "not valid UTF-8");
        }

        reader.ReadDocument();
        return new TomlDocument(
            reader._root, [.. reader._errors.OrderBy(e => e.Span.Line).ThenBy(e => e.Span.Column)], source);
    }

    private void ReadDocument()
    {
        while (!AtEnd && !_givenUp)
        {
            SkipBlanks();
            if (AtEnd || TakeNewline())
            {
                continue;
            }

            if (Now == '#')
            {
                TakeComment();
                continue;
            }

            bool complete = Now == '[' ? ReadHeader() : ReadKeyValue(_current);
            if (complete)
            {
                ExpectEndOfLine();
            }
            else
            {
                SkipLine();
            }
        }
    }

    private bool ReadHeader()
    {
        int start = _at++;
        bool isArray = Now == '[';
        if (isArray)
        {
            _at++;
        }

        // Until the header is understood, its keys must not land in the table above.
        _current = new TomlTable(TomlTableOrigin.Header, Span(start));
        SkipBlanks();
        if (ReadKey() is not { } key)
        {
            return false;
        }

        string closing = isArray ? "]]" : "]";
        SkipBlanks();
        if (string.CompareOrdinal(_text, _at, closing, 0, closing.Length) != 0)
        {
            Error(_at, _at + 1, $"expected '{closing}' after the table's name");
            return false;
        }

        _at += closing.Length;
        OpenTable(key, isArray, Span(start));
        return true;
    }

    private bool ReadKeyValue(TomlTable table, int depth = 0)
    {
        if (ReadKey() is not { } key)
        {
            return false;
        }

        SkipBlanks();
        if (Now != '=')
        {
            Error(_at, _at + 1, $"expected '=' after the key '{Describe(key[^1].Name)}'");
            return false;
        }

        _at++;
        SkipBlanks();
        if (ReadValue(depth) is not { } value)
        {
            return false;
        }

        AddValue(table, key, value);
        return true;
    }

    /// <summary>Reads a key, dotted or not; null after an error.</summary>
    private List<TomlKey>? ReadKey()
    {
        var parts = new List<TomlKey>();
        while (true)
        {
            int start = _at;
            string? name;
            if (Now == '"' || Now == '\'')
            {
                if (string.CompareOrdinal(_text, _at, new string(Now, 3), 0, 3) == 0)
                {
                    Error(_at, _at + 3, "a multi-line string cannot be a key");
                    return null;
                }

                name = Now == '"' ? ReadBasicString() : ReadLiteralString();
            }
            else
            {
                while (IsBareKey(Now))
                {
                    _at++;
                }

                name = _text[start.._at];
                if (name.Length == 0)
                {
                    Error(start, start + 1, $"expected a key, found {DescribeNow()}");
                    return null;
                }
            }

            if (name is null)
            {
                return null;
            }

            parts.Add(new TomlKey(name, Span(start)));
            if (parts.Count > MaximumDepth)
            {
                GiveUp(start, $"a key of more than {MaximumDepth} parts");
                return null;
            }

            int end = _at;
            SkipBlanks();
            if (Now != '.')
            {
                _at = end;
                return parts;
            }

            _at++;
            SkipBlanks();
        }
    }

    private void ExpectEndOfLine()
    {
        SkipBlanks();
        if (Now == '#')
        {
            TakeComment();
        }

        if (!AtEnd && !TakeNewline())
        {
            Error(_at, EndOfLine(), $"expected the end of the line, found {DescribeNow()}");
            SkipLine();
        }
    }

    private void SkipBlanks()
    {
        while (Now is ' ' or '\t')
        {
            _at++;
        }
    }

    private bool TakeNewline()
    {
        if (Now == '\n')
        {
            _at++;
            return true;
        }

        if (Now == '\r' && _at + 1 < _text.Length && _text[_at + 1] == '\n')
        {
            _at += 2;
            return true;
        }

        return false;
    }

    private void TakeComment()
    {
        while (!AtEnd && Now != '\n' && !IsCrLf(_at))
        {
            if (IsControl(Now))
            {
                Error(_at, _at + 1, $"{DescribeNow()} in a comment");
            }

            _at++;
        }
    }

    private void SkipLine() => _at = Math.Min(EndOfLine() + 1, _text.Length);

    private int EndOfLine()
    {
        int end = _text.IndexOf('\n', Math.Min(_at, _text.Length));
        return end < 0 ? _text.Length : end;
    }

    private bool IsCrLf(int at) => _text[at] == '\r' && at + 1 < _text.Length && _text[at + 1] == '\n';

    private static bool IsBareKey(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';

    private static bool IsControl(char c) => c is (< ' ' and not '\t') or '\x7F';

    private TomlSpan Span(int start) => _source.Span(start, _at);

    private void Error(int start, int end, string message) => Error(_source.Span(start, end), message);

    private void Error(TomlSpan span, string message)
    {
        if (_errors.Count < MaximumErrors)
        {
            _errors.Add(new TomlError(span, message));
        }
    }

    private void GiveUp(int at, string what)
    {
        Error(at, at + 1, $"{what}: the rest of the document is not read");
        _givenUp = true;
        _at = _text.Length;
    }

    private string DescribeNow() => AtEnd ? "the end of the document" : DescribeCharacter(Now);

    private static string DescribeCharacter(char c) => c switch
    {
        '\n' or '\r' => "the end of the line",
        '\'' => "\"'\"",
        _ when IsControl(c) || char.IsControl(c) || char.IsSurrogate(c) => $"the character U+{(int)c:X4}",
        _ => $"'{c}'",
    };

    private static string Describe(string name) => SafeText.Shorten(name, 60);
}
