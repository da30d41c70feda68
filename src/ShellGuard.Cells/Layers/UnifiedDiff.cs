using System.Globalization;
using System.Text;
using ShellGuard.Core;

namespace ShellGuard.Cells.Layers;

/// <summary>Two versions of a file's bytes as hunks of a unified diff, which <c>patch</c> applies.</summary>
internal static class UnifiedDiff
{
    private const int Context = 3;

    /// <summary>A NUL in the beginning, as diff(1) and git look for it.</summary>
    internal static bool IsBinary(ReadOnlySpan<byte> bytes) => bytes[..Math.Min(bytes.Length, 8192)].Contains((byte)0);

    /// <summary>Writes the hunks.</summary>
    /// <param name="isForTerminal">Lines are escaped so that nothing in them acts on a terminal; the result is to read,
    /// not to apply.</param>
    internal static void WriteHunks(Stream output, byte[] before, byte[] after, bool isForTerminal)
    {
        List<ReadOnlyMemory<byte>> oldLines = Split(before);
        List<ReadOnlyMemory<byte>> newLines = Split(after);
        Dictionary<string, int> numbers = new(StringComparer.Ordinal);
        (bool[] oldKept, bool[] newKept) = LineDiff.Kept(Number(oldLines, numbers), Number(newLines, numbers));
        int x = 0;
        int y = 0;
        while (true)
        {
            while (x < oldKept.Length && y < newKept.Length && oldKept[x] && newKept[y])
            {
                x++;
                y++;
            }

            if (x == oldKept.Length && y == newKept.Length)
            {
                return;
            }

            int lead = Math.Min(Context, x);
            int oldStart = x - lead;
            int newStart = y - lead;
            (int oldEnd, int newEnd) = HunkEnd(oldKept, newKept, x, y);
            Line(output, $"@@ -{Range(oldStart, oldEnd)} +{Range(newStart, newEnd)} @@\n");
            x = oldStart;
            y = newStart;
            while (x < oldEnd || y < newEnd)
            {
                if (x < oldEnd && !oldKept[x])
                {
                    Content(output, '-', oldLines[x++], isForTerminal);
                }
                else if (y < newEnd && !newKept[y])
                {
                    Content(output, '+', newLines[y++], isForTerminal);
                }
                else
                {
                    Content(output, ' ', oldLines[x++], isForTerminal);
                    y++;
                }
            }
        }
    }

    // A hunk ends with three kept lines, after a stretch of more than six of them or at the end of the file.
    private static (int OldEnd, int NewEnd) HunkEnd(bool[] oldKept, bool[] newKept, int x, int y)
    {
        int run = 0;
        while (x < oldKept.Length || y < newKept.Length)
        {
            if (x < oldKept.Length && !oldKept[x])
            {
                x++;
                run = 0;
            }
            else if (y < newKept.Length && !newKept[y])
            {
                y++;
                run = 0;
            }
            else
            {
                x++;
                y++;
                run++;
                if (run > 2 * Context)
                {
                    break;
                }
            }
        }

        int back = Math.Max(0, run - Context);
        return (x - back, y - back);
    }

    private static string Range(int start, int end)
    {
        int count = end - start;
        // An empty range names the line before it, diff(1).
        int first = count == 0 ? start : start + 1;
        return count == 1
            ? first.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{first},{count}");
    }

    private static void Content(Stream output, char mark, ReadOnlyMemory<byte> line, bool isForTerminal)
    {
        output.WriteByte((byte)mark);
        bool isWhole = line.Length > 0 && line.Span[^1] == '\n';
        if (isForTerminal)
        {
            string text = Linux.Calls.KernelText.Decode(isWhole ? line.Span[..^1] : line.Span);
            output.Write(Encoding.UTF8.GetBytes(string.Join('\t', text.Split('\t').Select(SafeText.Message))));
            output.WriteByte((byte)'\n');
        }
        else
        {
            output.Write(line.Span);
            if (!isWhole)
            {
                output.WriteByte((byte)'\n');
            }
        }

        if (!isWhole)
        {
            Line(output, "\\ No newline at end of file\n");
        }
    }

    internal static void Line(Stream output, string text) => output.Write(Linux.Calls.KernelText.Encode(text));

    private static List<ReadOnlyMemory<byte>> Split(byte[] bytes)
    {
        List<ReadOnlyMemory<byte>> lines = [];
        int start = 0;
        while (start < bytes.Length)
        {
            int end = Array.IndexOf(bytes, (byte)'\n', start);
            end = end < 0 ? bytes.Length : end + 1;
            lines.Add(bytes.AsMemory(start, end - start));
            start = end;
        }

        return lines;
    }

    private static int[] Number(List<ReadOnlyMemory<byte>> lines, Dictionary<string, int> numbers)
    {
        int[] result = new int[lines.Count];
        for (int i = 0; i < result.Length; i++)
        {
            string key = Encoding.Latin1.GetString(lines[i].Span);
            if (!numbers.TryGetValue(key, out int number))
            {
                number = numbers.Count;
                numbers.Add(key, number);
            }

            result[i] = number;
        }

        return result;
    }
}
