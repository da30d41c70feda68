namespace ShellGuard.Audit.Reports.Document;

/// <summary>A report before it is written as HTML, Markdown or JSON. All texts are safe for a line, and none is
/// markup.</summary>
/// <param name="Title">What was audited.</param>
/// <param name="Sections">In order.</param>
public sealed record ReportDocument(string Title, IReadOnlyList<ReportSection> Sections);

/// <summary>A part of a report.</summary>
/// <param name="Id">A name for links and programs, in kebab case.</param>
/// <param name="Title">The heading.</param>
/// <param name="Intro">What it is about: one or two sentences; may be empty.</param>
public sealed record ReportSection(string Id, string Title, string Intro)
{
    /// <summary>In order; empty where there is nothing, which is said.</summary>
    public List<ReportBlock> Blocks { get; } = [];
}

/// <summary>Something in a section.</summary>
public abstract record ReportBlock;

/// <summary>A table.</summary>
/// <param name="Columns">Headings.</param>
/// <param name="Rows">Each as long as the headings.</param>
/// <param name="More">How many rows were left out.</param>
public sealed record ReportTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, int More = 0) : ReportBlock;

/// <summary>Lines of text, each with how far it is indented.</summary>
/// <param name="Lines">In order.</param>
public sealed record ReportList(IReadOnlyList<ReportLine> Lines) : ReportBlock
{
    public static ReportList Of(IEnumerable<string> lines) => new([.. lines.Select(line => new ReportLine(0, line))]);
}

/// <summary>A line of a list.</summary>
/// <param name="Depth">From 0.</param>
public sealed record ReportLine(int Depth, string Text)
{
    /// <summary>How many letters at the beginning are a heading; shown where there are ways to show that.</summary>
    public int Heading { get; init; }
}

/// <summary>A picture.</summary>
/// <param name="Svg">A whole element of SVG, its texts escaped.</param>
/// <param name="Caption">What it shows, for those who do not see it.</param>
public sealed record ReportPicture(string Svg, string Caption) : ReportBlock;
