namespace ShellGuard.Policy.Toml;

/// <content>Values other than strings and numbers.</content>
internal sealed partial class TomlReader
{
    /// <summary>Reads one value; null after an error, with the position where reading can go on.</summary>
    private TomlValue? ReadValue(int depth)
    {
        int start = _at;
        switch (Now)
        {
            case '"':
                bool multiLine = string.CompareOrdinal(_text, _at, "\"\"\"", 0, 3) == 0;
                return AsString(multiLine ? ReadMultiLineString('"') : ReadBasicString(), start);
            case '\'':
                bool multiLineLiteral = string.CompareOrdinal(_text, _at, "'''", 0, 3) == 0;
                return AsString(multiLineLiteral ? ReadMultiLineString('\'') : ReadLiteralString(), start);
            case '[' or '{' when depth >= MaximumDepth:
                GiveUp(start, $"more than {MaximumDepth} arrays or tables inside each other");
                return null;
            case '[':
                return ReadArray(depth);
            case '{':
                return ReadInlineTable(depth);
            default:
                return ReadScalar();
        }
    }

    private TomlString? AsString(string? value, int start) => value is null ? null : new TomlString(value, Span(start));

    private TomlArray? ReadArray(int depth)
    {
        int start = _at++;
        var items = new List<TomlValue>();
        while (true)
        {
            SkipBlankLines();
            if (Now == ']')
            {
                _at++;
                var array = new TomlArray(isTables: false, Span(start));
                array.Items.AddRange(items);
                return array;
            }

            if (AtEnd || LooksLikeStatement())
            {
                if (!_givenUp)
                {
                    Error(start, start + 1, "this array is not closed with ']'");
                }

                BackToLineStart();
                return null;
            }

            if (Now == ',')
            {
                Error(_at, _at + 1, "expected a value before ','");
                _at++;
                continue;
            }

            var value = ReadValue(depth + 1);
            if (value is null)
            {
                SkipToSeparator();
            }
            else
            {
                items.Add(value);
            }

            SkipBlankLines();
            if (Now == ',')
            {
                _at++;
            }
            else if (value is not null && Now != ']' && !AtEnd && !LooksLikeStatement())
            {
                Error(_at, _at + 1, $"expected ',' or ']', found {DescribeNow()}");
            }
        }
    }

    private TomlTable? ReadInlineTable(int depth)
    {
        int start = _at++;
        var table = new TomlTable(TomlTableOrigin.Dotted, Span(start));
        SkipBlanks();
        if (Now == '}')
        {
            _at++;
            return Close(table, start);
        }

        while (true)
        {
            if (!ReadKeyValue(table, depth + 1))
            {
                return null;
            }

            SkipBlanks();
            switch (Now)
            {
                case '}':
                    _at++;
                    return Close(table, start);
                case ',':
                    int comma = _at++;
                    SkipBlanks();
                    if (Now == '}')
                    {
                        Error(comma, comma + 1, "an inline table has no ',' after its last value");
                        _at++;
                        return Close(table, start);
                    }

                    break;
                case '\n' or '\r':
                    Error(_at, _at + 1, "an inline table ends with '}' on the line where it begins");
                    return null;
                default:
                    Error(_at, _at + 1, $"expected ',' or '}}', found {DescribeNow()}");
                    return null;
            }
        }
    }

    private TomlTable Close(TomlTable open, int start)
    {
        var closed = new TomlTable(TomlTableOrigin.Inline, Span(start));
        foreach (var entry in open.Entries)
        {
            closed.TryAdd(entry.Key, entry.Value);
        }

        return closed;
    }

    private void SkipBlankLines()
    {
        while (!AtEnd)
        {
            SkipBlanks();
            if (Now == '#')
            {
                TakeComment();
            }

            if (!TakeNewline())
            {
                return;
            }
        }
    }

    private void SkipToSeparator()
    {
        while (!AtEnd && Now is not (',' or ']' or '\n'))
        {
            _at++;
        }
    }

    /// <summary>Whether a new statement begins here: then the array above was never closed, and going on inside it
    /// would hide every other mistake.</summary>
    private bool LooksLikeStatement()
    {
        int lineStart = _source.LineStart(_at);
        if (lineStart == 0 || _text.AsSpan(lineStart, _at - lineStart).ContainsAnyExcept(' ', '\t'))
        {
            return false;
        }

        var line = _text.AsSpan(_at, EndOfLine() - _at).TrimEnd();
        bool header = line.StartsWith("[");
        var name = header ? line.TrimStart('[') : line;
        int length = 0;
        while (length < name.Length && (IsBareKey(name[length]) || name[length] is '.' or ' '))
        {
            length++;
        }

        var rest = name[length..];
        return length > 0 && (header ? rest is "]" or "]]" && !char.IsAsciiDigit(name[0]) : rest.StartsWith("="));
    }

    private void BackToLineStart()
    {
        int newline = AtEnd ? -1 : _text.LastIndexOf('\n', _at - 1, _at);
        if (newline >= 0)
        {
            // Before the line's end, so that the caller's skip stops at it.
            _at = newline;
        }
    }
}
