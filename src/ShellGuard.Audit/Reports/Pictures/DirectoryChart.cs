using System.Globalization;
using System.Text;
using ShellGuard.Audit.Reports.Document;

namespace ShellGuard.Audit.Reports.Pictures;

/// <summary>How many files of which directory were read and changed, as bars with numbers. Told apart by pattern, not
/// by colour.</summary>
internal static class DirectoryChart
{
    private const int RowHeight = 30;
    private const int Label = 260;
    private const int Bars = 480;

    /// <param name="rows">Directory, files read, files changed; at least one.</param>
    public static string Write(IReadOnlyList<DirectoryCount> rows)
    {
        int height = (rows.Count * RowHeight) + 34;
        int most = rows.Max(row => Math.Max(row.Read, row.Changed));
        StringBuilder svg = new();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Label + Bars + 90} {height}\" width=\"{Label + Bars + 90}\" role=\"img\" aria-label=\"Files by directory\" font-family=\"DejaVu Sans Mono,monospace\" font-size=\"12\">")
            .Append("<defs><pattern id=\"changed\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" fill=\"#fff\"/><rect width=\"3\" height=\"6\" fill=\"#8a1f11\"/></pattern></defs>")
            .Append(CultureInfo.InvariantCulture, $"<rect x=\"{Label}\" y=\"4\" width=\"14\" height=\"11\" fill=\"#8fa9c4\" stroke=\"#333\"/><text x=\"{Label + 20}\" y=\"14\">read</text>")
            .Append(CultureInfo.InvariantCulture, $"<rect x=\"{Label + 80}\" y=\"4\" width=\"14\" height=\"11\" fill=\"url(#changed)\" stroke=\"#333\"/><text x=\"{Label + 100}\" y=\"14\">changed</text>");
        for (int index = 0; index < rows.Count; index++)
        {
            int y = 28 + (index * RowHeight);
            DirectoryCount row = rows[index];
            string name = row.Directory.Length > 34 ? "…" + row.Directory[^33..] : row.Directory;
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Label - 8}\" y=\"{y + 14}\" text-anchor=\"end\">{Markup.Html(name)}</text>");
            Bar(svg, y, row.Read, most, "#8fa9c4");
            Bar(svg, y + 11, row.Changed, most, "url(#changed)");
        }

        return svg.Append("</svg>").ToString();
    }

    private static void Bar(StringBuilder svg, int y, int count, int most, string fill)
    {
        if (count > 0)
        {
            // The root, so that one file beside thousands is still seen.
            int width = Math.Max(2, (int)(Math.Sqrt(count / (double)most) * Bars));
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<rect x=\"{Label}\" y=\"{y}\" width=\"{width}\" height=\"10\" fill=\"{fill}\" stroke=\"#333\" stroke-width=\".5\"/><text x=\"{Label + width + 5}\" y=\"{y + 9}\" font-size=\"10\">{count:N0}</text>");
        }
    }
}

/// <summary>A row of the chart.</summary>
/// <param name="Directory">Safe text.</param>
internal sealed record DirectoryCount(string Directory, int Read, int Changed);
