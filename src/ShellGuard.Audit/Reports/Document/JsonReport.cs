using System.Text;
using System.Text.Json;

namespace ShellGuard.Audit.Reports.Document;

/// <summary>The report as one object of JSON.</summary>
public static class JsonReport
{
    public static string Write(ReportDocument report)
    {
        ArgumentNullException.ThrowIfNull(report);
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("shellguardReport", 1);
            json.WriteString("title", report.Title);
            json.WriteStartObject("sections");
            foreach (ReportSection section in report.Sections)
            {
                json.WriteStartObject(section.Id);
                json.WriteString("title", section.Title);
                foreach (ReportBlock block in section.Blocks)
                {
                    Block(json, block);
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void Block(Utf8JsonWriter json, ReportBlock block)
    {
        if (block is ReportList list)
        {
            json.WriteStartArray("lines");
            foreach (ReportLine line in list.Lines)
            {
                json.WriteStartObject();
                json.WriteNumber("depth", line.Depth);
                json.WriteString("text", line.Text);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
        else if (block is ReportTable table)
        {
            json.WriteStartArray("rows");
            foreach (IReadOnlyList<string> row in table.Rows)
            {
                json.WriteStartObject();
                for (int column = 0; column < row.Count; column++)
                {
                    json.WriteString(table.Columns[column], row[column]);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
    }
}
