using System.Text;

namespace ShellGuard.Policy.Toml;

/// <summary>A decoded document that knows its lines.</summary>
internal sealed class TomlText
{
    private readonly List<int> _lineStarts = [0];

    // Offsets of second halves of surrogate pairs: columns count characters, offsets count UTF-16 units.
    private readonly List<int> _lowSurrogates = [];

    private TomlText(string text)
    {
        Text = text;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n')
            {
                _lineStarts.Add(i + 1);
            }
            else if (char.IsLowSurrogate(text[i]))
            {
                _lowSurrogates.Add(i);
            }
        }
    }

    public string Text { get; }

    /// <summary>Decodes UTF-8, dropping one byte order mark.</summary>
    /// <param name="malformed">Offsets into <see cref="Text"/> of replaced sequences, at most one of each line.</param>
    public static TomlText Decode(ReadOnlySpan<byte> bytes, out IReadOnlyList<int> malformed)
    {
        var offsets = new List<int>();
        malformed = offsets;
        if (bytes.StartsWith("\uFEFF"u8))
        {
            bytes = bytes[3..];
        }

        var text = new StringBuilder(bytes.Length);
        bool reported = false;
        while (!bytes.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(bytes, out Rune rune, out int used);
            if (status != System.Buffers.OperationStatus.Done && !reported)
            {
                offsets.Add(text.Length);
                reported = true;
            }

            if (rune.IsBmp)
            {
                reported &= rune.Value != '\n';
                text.Append((char)rune.Value);
            }
            else
            {
                text.Append(rune.ToString());
            }

            bytes = bytes[used..];
        }

        return new TomlText(text.ToString());
    }

    /// <summary>The span from <paramref name="start"/> up to <paramref name="end"/>, cut at the end of the
    /// line.</summary>
    public TomlSpan Span(int start, int end)
    {
        start = Math.Clamp(start, 0, Text.Length);
        int line = LineOf(start);
        int lineEnd = line + 1 < _lineStarts.Count ? _lineStarts[line + 1] - 1 : Text.Length;
        end = Math.Clamp(end, start, Math.Max(start, lineEnd));
        return new TomlSpan(
            line + 1,
            Characters(_lineStarts[line], start) + 1,
            Math.Max(1, Characters(start, end)));
    }

    /// <summary>The offset of a reported place.</summary>
    public int Offset(int line, int column)
    {
        int at = _lineStarts[line - 1];
        for (; column > 1 && at < Text.Length; column--)
        {
            at += char.IsHighSurrogate(Text[at]) ? 2 : 1;
        }

        return at;
    }

    /// <summary>The offset at which the line of <paramref name="offset"/> begins.</summary>
    public int LineStart(int offset) => _lineStarts[LineOf(offset)];

    private int LineOf(int offset)
    {
        int found = _lineStarts.BinarySearch(offset);
        return found >= 0 ? found : ~found - 1;
    }

    private int Characters(int start, int end) => end - start - (LowSurrogatesBefore(end) - LowSurrogatesBefore(start));

    private int LowSurrogatesBefore(int offset)
    {
        int found = _lowSurrogates.BinarySearch(offset);
        return found >= 0 ? found : ~found;
    }
}
