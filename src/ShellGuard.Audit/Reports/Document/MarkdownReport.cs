using System.Globalization;
using System.Text;

namespace ShellGuard.Audit.Reports.Document;

/// <summary>The report as Markdown, as GitHub and others show it. Pictures are left out: their numbers stand in
/// tables.</summary>
public static class MarkdownReport
{
    public static string Write(ReportDocument report)
    {
        ArgumentNullException.ThrowIfNull(report);
        StringBuilder text = new();
        text.Append("# ").Append(Markup.Markdown(report.Title)).Append('\n');
        foreach (ReportSection section in report.Sections)
        {
            text.Append("\n## ").Append(Markup.Markdown(section.Title)).Append('\n');
            if (section.Intro.Length > 0)
            {
                text.Append('\n').Append(Markup.Markdown(section.Intro)).Append('\n');
            }

            foreach (ReportBlock block in section.Blocks)
            {
                Block(text, block);
            }

            if (section.Blocks.Count == 0)
            {
                text.Append("\nNone was seen\\.\n");
            }
        }

        return text.ToString();
    }

    private static void Block(StringBuilder text, ReportBlock block)
    {
        if (block is ReportList list)
        {
            text.Append('\n');
            foreach (ReportLine line in list.Lines)
            {
                text.Append(' ', 2 * Math.Min(line.Depth, 40)).Append("- ").Append(Markup.Markdown(line.Text)).Append('\n');
            }
        }
        else if (block is ReportTable table)
        {
            Row(text.Append('\n'), table.Columns);
            text.Append('|').Insert(text.Length, " --- |", table.Columns.Count).Append('\n');
            foreach (IReadOnlyList<string> row in table.Rows)
            {
                Row(text, row);
            }

            if (table.More > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"\n{table.More:N0} more; the JSON report has them all\\.\n");
            }
        }
    }

    private static void Row(StringBuilder text, IReadOnlyList<string> cells)
    {
        text.Append('|');
        foreach (string cell in cells)
        {
            text.Append(' ').Append(Markup.Markdown(cell)).Append(" |");
        }

        text.Append('\n');
    }
}
