namespace ShellGuard.Audit.Import.Strace;

/// <summary>The tables of counts that strace -c and -C write, with the columns in any order (-U).</summary>
internal static class SummaryTable
{
    /// <summary>As in strace's source (call_summary_pers). The first column's name is two words.</summary>
    private static readonly byte[][] Columns =
    [
        [.. "%"u8], [.. "time"u8], [.. "seconds"u8], [.. "shortest"u8], [.. "longest"u8], [.. "usecs/call"u8], [.. "calls"u8], [.. "errors"u8],
        [.. "wall-total"u8], [.. "wall-min"u8], [.. "wall-max"u8], [.. "wall-avg"u8], [.. "syscall"u8],
    ];

    /// <summary>Whether a line has the names of columns, and of nothing else.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> line)
    {
        // Every line of a log is asked: nearly all have one of these.
        if (line.IndexOfAny((byte)'(', (byte)'=', (byte)'+') >= 0)
        {
            return false;
        }

        int columns = 0;
        bool named = false;
        while (TryTake(ref line, out ReadOnlySpan<byte> word))
        {
            if (!IsColumn(word))
            {
                return false;
            }

            columns++;
            named |= word.SequenceEqual("syscall"u8);
        }

        return named && columns > 1;
    }

    /// <summary>What stands above the second table, of 32-bit calls.</summary>
    public static bool IsTitle(ReadOnlySpan<byte> line) => line.StartsWith("System call usage summary for "u8);

    /// <summary>Whether a line behind a header is one of the table: numbers and the name of a call, or lines of dashes.</summary>
    /// <param name="isLast">It has the totals.</param>
    public static bool IsRow(ReadOnlySpan<byte> line, out bool isLast)
    {
        isLast = false;
        int names = 0, numbers = 0, dashes = 0;
        while (TryTake(ref line, out ReadOnlySpan<byte> word))
        {
            if (word.IndexOfAnyExcept((byte)'-') < 0)
            {
                dashes++;
            }
            else if (LogText.IsDigit(word[0]) ? IsNumber(word) : word.SequenceEqual("nan"u8) || word.SequenceEqual("-nan"u8))
            {
                numbers++;
            }
            else if (IsName(word))
            {
                names++;
                isLast |= word.SequenceEqual("total"u8);
            }
            else
            {
                return false;
            }
        }

        return dashes > 0 ? names + numbers == 0 : names == 1 && numbers > 0;
    }

    private static bool IsColumn(ReadOnlySpan<byte> word)
    {
        foreach (byte[] column in Columns)
        {
            if (word.SequenceEqual(column))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsNumber(ReadOnlySpan<byte> word) => word.TrimStart("0123456789."u8).IsEmpty;

    private static bool IsName(ReadOnlySpan<byte> word)
    {
        foreach (byte letter in word)
        {
            if (!(letter is (>= (byte)'a' and <= (byte)'z') or (byte)'_' or (byte)'#' or (byte)'?' || LogText.IsDigit(letter)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> line, out ReadOnlySpan<byte> word)
    {
        line = line.TrimStart((byte)' ');
        int end = line.IndexOf((byte)' ');
        word = end < 0 ? line : line[..end];
        line = end < 0 ? default : line[end..];
        return !word.IsEmpty;
    }
}
