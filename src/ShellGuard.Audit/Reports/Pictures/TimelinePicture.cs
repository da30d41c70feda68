using System.Globalization;
using System.Text;
using ShellGuard.Audit.Reports.Document;
using ShellGuard.Audit.Reports.Findings;

namespace ShellGuard.Audit.Reports.Pictures;

/// <summary>Processes as bars along the time, and above them how many lived at once. What went wrong is told by pattern and
/// word, not by colour.</summary>
internal static class TimelinePicture
{
    private const int Width = 900;
    private const int Label = 210;
    private const int Bars = 590;
    private const int RowHeight = 20;
    private const int Head = 74;

    /// <summary>Steps of the row at the top; finer ones would not be seen.</summary>
    private const int Columns = 295;

    public static string Write(Timeline line, IReadOnlyList<TimelineRow> rows)
    {
        int height = Head + (rows.Count * RowHeight) + 24;
        StringBuilder svg = new();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" role=\"img\" aria-label=\"Processes as a time line\" font-family=\"DejaVu Sans Mono,monospace\" font-size=\"11\">")
            .Append(CultureInfo.InvariantCulture, $"<defs><pattern id=\"{Pattern(line)}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" fill=\"#fff\"/><rect width=\"2\" height=\"6\" fill=\"#8a1f11\"/></pattern></defs>");
        Scale(svg, line.Length, height);
        Alive(svg, line);
        for (int index = 0; index < rows.Count; index++)
        {
            Row(svg, line, rows[index], Head + (index * RowHeight));
        }

        return svg.Append("</svg>").ToString();
    }

    /// <summary>Each run has a picture of its own in the same document, in which no name may stand twice.</summary>
    private static string Pattern(Timeline line) => string.Create(CultureInfo.InvariantCulture, $"failed-{line.Run}");

    /// <summary>Lines at 1, 2 or 5 times a power of ten, at most eight of them.</summary>
    private static void Scale(StringBuilder svg, long length, int height)
    {
        double seconds = Math.Max(length, 1) / 1e6;
        double step = Math.Pow(10, Math.Floor(Math.Log10(seconds / 8)));
        step *= seconds / step <= 8 ? 1 : seconds / step <= 16 ? 2 : seconds / step <= 40 ? 5 : 10;
        int digits = Math.Clamp((int)Math.Ceiling(-Math.Log10(step)), 0, 6);
        for (int tick = 0; tick * step <= seconds * 1.0001; tick++)
        {
            double x = Label + (tick * step / seconds * Bars);
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<path d=\"M{x:F1} 14V{height - 20}\" stroke=\"#ccc\" fill=\"none\"/><text x=\"{x:F1}\" y=\"{height - 6}\" text-anchor=\"middle\" font-size=\"10\">{(tick * step).ToString($"F{digits}", CultureInfo.InvariantCulture)} s</text>");
        }
    }

    private static void Alive(StringBuilder svg, Timeline line)
    {
        int[] most = new int[Columns];
        for (int index = 0; index < line.Steps.Count; index++)
        {
            // The first column of a step shows it however short it was.
            int from = Column(line.Steps[index].Time, line.Length);
            int to = index + 1 < line.Steps.Count ? Column(line.Steps[index + 1].Time, line.Length) : from;
            for (int column = from; column <= to; column++)
            {
                most[column] = Math.Max(most[column], line.Steps[index].Alive);
            }
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Label - 8}\" y=\"40\" text-anchor=\"end\">processes at once</text><text x=\"{Label + Bars + 6}\" y=\"24\" font-size=\"10\">{line.Peak}</text><text x=\"{Label + Bars + 6}\" y=\"60\" font-size=\"10\">0</text><path d=\"M{Label} 60");
        foreach ((int column, int alive) in most.Index())
        {
            double top = 60 - (40.0 * alive / line.Peak);
            svg.Append(CultureInfo.InvariantCulture, $"V{top:F1}H{Label + ((column + 1) * Bars / Columns)}");
        }

        svg.Append("V60Z\" fill=\"#dfe6ee\" stroke=\"#222\"/>");
    }

    private static int Column(long time, long length) => length == 0 ? 0 : (int)Math.Clamp((double)time / length * Columns, 0, Columns - 1);

    private static void Row(StringBuilder svg, Timeline line, TimelineRow row, int y)
    {
        string program = row.Program is { } ran ? AccessText.Name(ran.Program[(ran.Program.LastIndexOf('/') + 1)..], 22) : "not seen";
        double length = Math.Max(line.Length, 1);
        double x = Label + ((row.Seen.Start!.Value - line.Start) / length * Bars);
        double width = Math.Max(1.5, line.Lasted(row) / length * Bars);
        bool failed = row.Seen.Signal is not null || row.Seen.Status > 0;
        string end = row.Seen.End is null ? " →" : failed ? $" {ReportBuilder.Ended(row.Seen)}" : "";
        string text = $"{ReportBuilder.Seconds(line.Lasted(row))} s{end}";

        // Behind the bar, or in front of it where there is no more room.
        bool before = x + width + (text.Length * 6.2) > Width;
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<text x=\"{Label - 8}\" y=\"{y + 12}\" text-anchor=\"end\">{(row.IsFork ? "· " : "")}{Markup.Html(program)}</text>")
            .Append(
            CultureInfo.InvariantCulture,
            $"<rect x=\"{x:F1}\" y=\"{y + 3}\" width=\"{width:F1}\" height=\"11\" fill=\"{(failed ? $"url(#{Pattern(line)})" : "#8fa9c4")}\" stroke=\"#222\" stroke-width=\".7\"/>")
            .Append(
            CultureInfo.InvariantCulture,
            $"<text x=\"{(before ? Math.Min(x + width, Width) - 4 : x + width + 4):F1}\" y=\"{y + 12}\" font-size=\"10\"{(before ? " text-anchor=\"end\" stroke=\"#fff\" stroke-width=\"3\" paint-order=\"stroke\"" : "")}>{Markup.Html(text)}</text>");
    }
}
