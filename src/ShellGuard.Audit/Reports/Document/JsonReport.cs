using System.Text;
using System.Text.Json;

namespace ShellGuard.Audit.Reports.Document;

/// <summary>The report as one object of JSON. Pictures are left out: their numbers stand in tables.</summary>
public static class JsonReport
{
    /// <summary>The version of the form. 2: a section has blocks, each with its lines or its rows.</summary>
    private const int Schema = 2;

    public static string Write(ReportDocument report)
    {
        ArgumentNullException.ThrowIfNull(report);
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("shellguardReport", Schema);
            json.WriteString("title", report.Title);
            json.WriteStartObject("sections");
            foreach (ReportSection section in report.Sections)
            {
                json.WriteStartObject(section.Id);
                json.WriteString("title", section.Title);
                json.WriteString("about", section.Intro);
                json.WriteStartArray("blocks");
                foreach (ReportBlock block in section.Blocks)
                {
                    Block(json, block);
                }

                json.WriteEndArray();
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
            json.WriteStartObject();
            json.WriteStartArray("lines");
            foreach (ReportLine line in list.Lines)
            {
                json.WriteStartObject();
                json.WriteNumber("depth", line.Depth);
                json.WriteString("text", line.Text);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }
        else if (block is ReportTable table)
        {
            json.WriteStartObject();
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
            json.WriteEndObject();
        }
    }
}
