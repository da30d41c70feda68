using System.Globalization;
using System.Text;

namespace ShellGuard.Audit.Reports.Document;

/// <summary>One file of HTML: no script, nothing from elsewhere, readable in black and white, on paper and by
/// readers of the screen.</summary>
public static class HtmlReport
{
    private const string Style = """
        :root{color-scheme:light}
        body{font:15px/1.45 system-ui,"DejaVu Sans",sans-serif;color:#111;background:#fff;max-width:62rem;margin:2rem auto;padding:0 1.25rem}
        h1{font-size:1.5rem;margin:0 0 .25rem;overflow-wrap:anywhere}
        h2{font-size:1.15rem;margin:2rem 0 .4rem;padding-top:.6rem;border-top:2px solid #222}
        p{margin:.3rem 0 .6rem;max-width:50rem}
        nav ul{columns:3;padding-left:1.1rem;margin:.6rem 0}
        nav a{color:#113a78}
        table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem;font-size:.86rem}
        th{text-align:left;border-bottom:2px solid #555;padding:.25rem .5rem;white-space:nowrap}
        td{border-bottom:1px solid #ccc;padding:.25rem .5rem;vertical-align:top;font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:.8rem}
        td.w{overflow-wrap:anywhere}
        th.n{text-align:right}
        td.n{text-align:right;white-space:nowrap}
        ul.lines{list-style:none;padding:0;margin:.4rem 0 1rem}
        ul.lines li{padding:.12rem 0;overflow-wrap:anywhere}
        #verdict ul.lines li{border-left:4px solid #222;padding:.15rem .7rem;margin:.25rem 0;background:#f4f4f2}
        #verdict ul.lines li.d1{border-left:1px solid #999;background:none;margin-left:1.5rem;font-size:.9rem}
        figure{margin:.6rem 0 1.2rem;overflow-x:auto}
        svg{max-width:100%;height:auto}
        figcaption{font-size:.85rem;color:#333}
        .none{color:#333;font-style:italic}
        @media print{body{margin:0;max-width:none;font-size:11px}nav{display:none}h2{break-after:avoid}tr,figure,li{break-inside:avoid}#verdict{break-after:page}}
        """;

    public static string Write(ReportDocument report)
    {
        ArgumentNullException.ThrowIfNull(report);
        StringBuilder html = new();
        html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width\">\n<title>").Append(Markup.Html(report.Title)).Append("</title>\n<style>\n")
            .Append(Style).Append("\n</style>\n</head>\n<body>\n<h1>").Append(Markup.Html(report.Title)).Append("</h1>\n");
        for (int index = 0; index < report.Sections.Count; index++)
        {
            Section(html, report.Sections[index]);
            if (index == 0)
            {
                Contents(html, report);
            }
        }

        return html.Append("</body>\n</html>\n").ToString();
    }

    private static void Contents(StringBuilder html, ReportDocument report)
    {
        html.Append("<nav aria-label=\"Contents\"><ul>\n");
        foreach (ReportSection section in report.Sections.Skip(1))
        {
            html.Append("<li><a href=\"#").Append(section.Id).Append("\">").Append(Markup.Html(section.Title)).Append("</a></li>\n");
        }

        html.Append("</ul></nav>\n");
    }

    private static void Section(StringBuilder html, ReportSection section)
    {
        html.Append("<section id=\"").Append(section.Id).Append("\">\n<h2>").Append(Markup.Html(section.Title)).Append("</h2>\n");
        if (section.Intro.Length > 0)
        {
            html.Append("<p>").Append(Markup.Html(section.Intro)).Append("</p>\n");
        }

        foreach (ReportBlock block in section.Blocks)
        {
            Block(html, block);
        }

        if (section.Blocks.Count == 0)
        {
            html.Append("<p class=\"none\">None was seen.</p>\n");
        }

        html.Append("</section>\n");
    }

    private static void Block(StringBuilder html, ReportBlock block)
    {
        switch (block)
        {
            case ReportTable table:
                Table(html, table);
                break;
            case ReportList list:
                html.Append("<ul class=\"lines\">\n");
                foreach (ReportLine line in list.Lines)
                {
                    html.Append(
                        CultureInfo.InvariantCulture,
                        $"<li{(line.Depth > 0 ? $" class=\"d{Math.Min(line.Depth, 1)}\" style=\"padding-left:{Math.Min(line.Depth, 40) * 20}px\"" : "")}>{(line.Heading > 0 ? $"<b>{Markup.Html(line.Text[..line.Heading])}</b>" : "")}{Markup.Html(line.Text[line.Heading..])}</li>\n");
                }

                html.Append("</ul>\n");
                break;
            case ReportPicture picture:
                html.Append("<figure>").Append(picture.Svg).Append("<figcaption>").Append(Markup.Html(picture.Caption)).Append("</figcaption></figure>\n");
                break;
            default:
                throw new InvalidOperationException($"no way to write {block.GetType().Name}");
        }
    }

    private static bool IsNumber(string cell) => cell.Length is > 0 and < 16 && cell.All(letter => char.IsAsciiDigit(letter) || letter is ',' or '.');

    private static void Table(StringBuilder html, ReportTable table)
    {
        html.Append("<table>\n<thead><tr>");
        for (int column = 0; column < table.Columns.Count; column++)
        {
            int place = column;
            bool isNumbers = table.Rows.All(row => row[place].Length == 0 || IsNumber(row[place]));
            html.Append(isNumbers ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">").Append(Markup.Html(table.Columns[column])).Append("</th>");
        }

        html.Append("</tr></thead>\n<tbody>\n");
        foreach (IReadOnlyList<string> row in table.Rows)
        {
            html.Append("<tr>");
            foreach (string cell in row)
            {
                bool isWide = cell.Split(' ').Any(word => word.Length > 20);
                html.Append(IsNumber(cell) ? "<td class=\"n\">" : isWide ? "<td class=\"w\">" : "<td>").Append(Markup.Html(cell)).Append("</td>");
            }

            html.Append("</tr>\n");
        }

        html.Append("</tbody>\n</table>\n");
        if (table.More > 0)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"none\">{table.More:N0} more; the JSON report has them all.</p>\n");
        }
    }
}
