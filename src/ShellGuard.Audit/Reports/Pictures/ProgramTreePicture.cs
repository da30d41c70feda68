using System.Globalization;
using System.Text;
using ShellGuard.Audit.Reports.Document;
using ShellGuard.Audit.Reports.Findings;

namespace ShellGuard.Audit.Reports.Pictures;

/// <summary>Which program started which, as a drawn tree.</summary>
internal static class ProgramTreePicture
{
    private const int RowHeight = 24;
    private const int Indent = 26;
    private const int Most = 60;

    /// <param name="nameOf">How a user is called.</param>
    public static string Write(IEnumerable<ProgramLine> tree, Func<long, string> nameOf)
    {
        List<ProgramLine> lines = [.. tree.Take(Most)];
        int width = 900, height = (lines.Count * RowHeight) + 8;
        StringBuilder svg = new();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" role=\"img\" aria-label=\"Programs as a tree\" font-family=\"DejaVu Sans Mono,monospace\" font-size=\"12\">");
        for (int row = 0; row < lines.Count; row++)
        {
            int depth = Math.Min(lines[row].Depth, 24), x = 6 + (depth * Indent), y = 4 + (row * RowHeight);
            int parent = row - 1;
            while (parent >= 0 && lines[parent].Depth >= lines[row].Depth)
            {
                parent--;
            }

            if (parent >= 0)
            {
                int from = 4 + (parent * RowHeight) + 19;
                svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{x - Indent + 10} {from}V{y + 10}H{x}\" fill=\"none\" stroke=\"#666\"/>");
            }

            ProgramTree node = lines[row].Program;
            string name = node.Name[(node.Name.LastIndexOf('/') + 1)..];
            name = name.Length > 30 ? name[..29] + "…" : name;
            int box = Math.Max(40, (name.Length * 8) + 14);
            bool isRoot = node.Users.Contains(0);
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<rect x=\"{x}\" y=\"{y}\" width=\"{box}\" height=\"19\" rx=\"3\" fill=\"#f2f2ee\" stroke=\"#222\" stroke-width=\"{(isRoot ? 2 : 1)}\"/><text x=\"{x + 7}\" y=\"{y + 14}\">{Markup.Html(name)}</text>");
            string count = node.Processes > 1 ? $"×{node.Processes.ToString("N0", CultureInfo.InvariantCulture)}" : "";
            string user = node.Users.Count > 0 ? $" user {Markup.Html(string.Join(", ", node.Users.Select(nameOf)))}" : "";
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + box + 7}\" y=\"{y + 14}\" font-size=\"11\" fill=\"#333\">{count}{user}</text>");
        }

        return svg.Append("</svg>").ToString();
    }
}
