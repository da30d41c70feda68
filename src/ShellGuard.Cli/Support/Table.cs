using System.Text;

namespace ShellGuard.Cli.Support;

/// <summary>Columns for people. The cells are safe text already; the last column is not padded.</summary>
internal static class Table
{
    public static void Print(IReadOnlyList<string> titles, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        int[] widths = [.. titles.Select((title, column) => rows.Aggregate(title.Length, (most, row) => Math.Max(most, row[column].Length)))];
        Terminal.Out.WriteLine(Terminal.Paint(Line(titles, widths), Paint.Bold));
        foreach (IReadOnlyList<string> row in rows)
        {
            Terminal.Out.WriteLine(Line(row, widths));
        }
    }

    private static string Line(IReadOnlyList<string> cells, int[] widths)
    {
        StringBuilder line = new();
        for (int column = 0; column < cells.Count; column++)
        {
            line.Append(column == cells.Count - 1 ? cells[column] : cells[column].PadRight(widths[column] + 2));
        }

        return line.ToString().TrimEnd();
    }
}
