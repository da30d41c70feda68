using System.Buffers;

namespace ShellGuard.Audit.Import.Tables;

/// <summary>A row, split by the columns of its header. Values have no blanks in them except for the command and the last
/// column, and rows do not always stand under their headers.</summary>
internal sealed class TableRow(TableHeader header)
{
    /// <summary>Widths that tools pad a command to: its 16 bytes, and tcpconnect's 12.</summary>
    private static readonly int[] Widths = [16, 12];

    /// <summary>The same behind a label of six.</summary>
    private static readonly int[] LabelledWidths = [22];

    /// <summary>The width of an error in words (bindsnoop -Ew).</summary>
    private static readonly int[] MessageWidths = [25];

    private static readonly SearchValues<byte> NumberBytes = SearchValues.Create("-0123456789."u8);

    private readonly ColumnKind[] _kinds =
        [.. header.Names.Select((name, index) => TableHeader.KindOf(name, index == header.Names.Count - 1))];

    private readonly Range[] _values = new Range[header.Names.Count];

    public TableHeader Header => header;

    /// <summary>Takes a line apart.</summary>
    /// <returns>False where it is no row of this table.</returns>
    public bool TryParse(ReadOnlySpan<byte> line) => header.IsSeparated ? TrySeparate(line) : TryParse(line, 0, 0);

    /// <summary>The value of a column; empty where the table does not have it.</summary>
    public ReadOnlySpan<byte> Value(ReadOnlySpan<byte> line, string name)
    {
        for (int column = 0; column < header.Names.Count; column++)
        {
            if (header.Names[column] == name)
            {
                return line[_values[column]];
            }
        }

        return default;
    }

    private bool TryParse(ReadOnlySpan<byte> line, int at, int column)
    {
        if (column == _kinds.Length)
        {
            return line[at..].TrimEnd((byte)' ').IsEmpty;
        }

        if (_kinds[column] == ColumnKind.Rest)
        {
            int start = at < line.Length && line[at] == ' ' && column > 0 ? at + 1 : at;

            // A relative path may begin with blanks; before an absolute one they are padding.
            ReadOnlySpan<byte> trimmed = line[start..].TrimStart((byte)' ');
            start = header.Names[column] == "PATH" && !trimmed.StartsWith("/"u8) ? start : line.Length - trimmed.Length;
            _values[column] = new Range(start, start + line[start..].TrimEnd((byte)' ').Length);
            return true;
        }

        int begin = at + (line[at..].Length - line[at..].TrimStart((byte)' ').Length);
        if (begin == line.Length)
        {
            return false;
        }

        if (_kinds[column] is ColumnKind.Command or ColumnKind.Message)
        {
            return TryWords(line, begin, column);
        }

        int end = line[begin..].IndexOf((byte)' ');
        end = end < 0 ? line.Length : begin + end;
        if (!Fits(_kinds[column], line[begin..end]))
        {
            return false;
        }

        _values[column] = new Range(begin, end);
        return TryParse(line, end, column + 1);
    }

    /// <summary>Values between commas. Only the command may have commas itself: it is what the others leave.</summary>
    private bool TrySeparate(ReadOnlySpan<byte> line)
    {
        int begin = 0, end = line.Length;
        int command = Array.IndexOf(_kinds, ColumnKind.Command);
        for (int column = _kinds.Length - 1; column > command; column--)
        {
            int comma = line[..end].LastIndexOf((byte)',');
            if (comma < 0 || !Fits(_kinds[column], line[(comma + 1)..end]))
            {
                return false;
            }

            _values[column] = new Range(comma + 1, end);
            end = comma;
        }

        for (int column = 0; column < command; column++)
        {
            int comma = line[begin..end].IndexOf((byte)',');
            if (comma < 0 || !Fits(_kinds[column], line[begin..(begin + comma)]))
            {
                return false;
            }

            _values[column] = new Range(begin, begin + comma);
            begin += comma + 1;
        }

        if (command >= 0)
        {
            _values[command] = new Range(begin, end);
        }

        return command >= 0;
    }

    private bool TryWords(ReadOnlySpan<byte> line, int begin, int column)
    {
        foreach (int width in _kinds[column] == ColumnKind.Message ? MessageWidths : header.HasLabel ? LabelledWidths : Widths)
        {
            int padded = begin + width;
            if (padded < line.Length && line[padded] == ' ' && TryEnd(line, begin, padded, column))
            {
                return true;
            }
        }

        // Not padded: the shortest command after which the row fits.
        for (int end = begin + 1; end <= line.Length && end - begin <= 64; end++)
        {
            if ((end == line.Length || line[end] == ' ') && line[end - 1] != ' ' && TryEnd(line, begin, end, column))
            {
                return true;
            }
        }

        return false;
    }

    private bool TryEnd(ReadOnlySpan<byte> line, int begin, int end, int column)
    {
        _values[column] = new Range(begin, begin + line[begin..end].TrimEnd((byte)' ').Length);
        return TryParse(line, end, column + 1);
    }

    private static bool Fits(ColumnKind kind, ReadOnlySpan<byte> value) => kind switch
    {
        _ when value.IsEmpty => false,
        ColumnKind.Number => IsNumber(value),
        ColumnKind.Error => IsNumber(value) || (value[0] == 'E' && value.IndexOfAnyExceptInRange((byte)'0', (byte)'Z') < 0),
        _ => true,
    };

    private static bool IsNumber(ReadOnlySpan<byte> value) =>
        value.SequenceEqual("?"u8) || value.SequenceEqual("N/A"u8)
        || (value.IndexOfAnyExcept(NumberBytes) < 0 && value.IndexOfAnyInRange((byte)'0', (byte)'9') >= 0);
}
