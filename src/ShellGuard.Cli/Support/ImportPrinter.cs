using System.Globalization;
using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Model;
using ShellGuard.Audit.Reports;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cli.Support;

/// <summary>The main points of a recording on one screen of 24 rows, whatever was recorded: where there is more than fits,
/// each list has its first lines and says how many there are. Everything in it was chosen by whoever made the recording.
/// </summary>
/// <param name="output">Where it is written.</param>
/// <param name="colour">Whether it takes colours.</param>
/// <param name="columns">Characters that a row takes.</param>
internal sealed class ImportPrinter(TextWriter output, bool colour, int columns)
{
    /// <summary>The first row of the screen says how it was recorded, and the last one is the shell's prompt.</summary>
    private const int Rows = 24 - 2;

    /// <summary>Rows for why the recording is not complete. A reason is never cut; the first one always stands.</summary>
    private const int ReasonRows = 6;

    public void Print(ImportResult result, string? stored)
    {
        AuditSummary summary = AuditSummary.Of(result);
        List<ScreenRow> head = [InputRow(result), .. CoverageRows(result)];
        if (AuditSummary.Ran(result) is { } ran)
        {
            head.Add(new ScreenRow("ran:", $" {ran}", Support.Paint.Bold));
        }

        List<ScreenRow> tail = [.. CountRows(summary), .. UnknownRows(result)];
        string place = stored is null ? "-o FILE keeps all of it as evidence, --json prints it" : $"all of it is in {Safe(stored, SafeText.DefaultLimit)}";
        tail.Add(new ScreenRow(place) { MayWrap = true });
        SummarySection[] sections = SectionsOf(summary);
        Share(sections, Rows - head.Concat(tail).Sum(row => row.Height(columns)) - sections.Length);
        foreach (ScreenRow row in (ScreenRow[])[.. head, .. sections.SelectMany(SectionRows), .. tail])
        {
            output.WriteLine(row.Cut(columns).Painted(colour));
        }
    }

    private static SummarySection[] SectionsOf(AuditSummary summary) =>
    [
        .. new SummarySection[]
        {
            new("executed", summary.Executed, WithPrograms: false),
            new("changed", summary.Changed),
            new("connected", summary.Connected),
            new("listening", summary.Listening),
            new("privileges", summary.Privileged),
            new("denied", summary.Denied),
        }.Where(section => section.Lines.Count > 0),
    ];

    /// <summary>Row by row to each list in turn, so that a long one takes nothing from a short one.</summary>
    private static void Share(SummarySection[] sections, int rows)
    {
        while (rows > 0 && sections.Any(section => section.Shown < section.Lines.Count))
        {
            foreach (SummarySection section in sections.Where(section => section.Shown < section.Lines.Count).Take(rows).ToArray())
            {
                section.Shown++;
                rows--;
            }
        }
    }

    private static ScreenRow InputRow(ImportResult result)
    {
        if (result.Inputs.Count == 0)
        {
            return new ScreenRow("no input");
        }

        ImportedInput input = result.Inputs[0];
        string others = result.Inputs.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $"; {result.Inputs.Count - 1:N0} more inputs") : "";
        return new ScreenRow("", string.Create(
            CultureInfo.InvariantCulture,
            $"{Safe(input.Name, 60)}: {KebabCase.Of(input.Format.ToString())}, {input.Lines:N0} lines, "
            + $"{input.Bytes:N0} bytes, sha256 {input.Sha256?[..16] ?? "none: not read to the end"}{others}"));
    }

    private IEnumerable<ScreenRow> CoverageRows(ImportResult result)
    {
        CoverageState state = result.Coverage.State;
        yield return new ScreenRow(
            $"coverage: {KebabCase.Of(state.ToString())}", "",
            state == CoverageState.Complete ? Support.Paint.Green : state == CoverageState.Partial ? Support.Paint.Yellow : Support.Paint.Red);
        int left = ReasonRows;
        foreach ((int index, CoverageReason reason) in result.Coverage.Reasons.Index())
        {
            ScreenRow row = new($"  {SafeText.Message(reason.Text)}{Place(result, reason.First)}") { MayWrap = true };
            left -= row.Height(columns);
            if (index > 0 && left < (index + 1 < result.Coverage.Reasons.Count ? 1 : 0))
            {
                yield return new ScreenRow(string.Create(
                    CultureInfo.InvariantCulture, $"  … {result.Coverage.Reasons.Count - index:N0} more reasons, of which shellguard report tells"));
                break;
            }

            yield return row;
        }
    }

    private IEnumerable<ScreenRow> SectionRows(SummarySection section)
    {
        string shown = section.Shown == section.Lines.Count ? "" : section.Shown == 0 ? ", not shown" : $", {section.Shown} shown";
        yield return new ScreenRow(
            string.Create(CultureInfo.InvariantCulture, $"{section.Title}: {section.Lines.Count:N0}"), shown, Support.Paint.Bold);
        foreach (SummaryLine line in section.Lines.Take(section.Shown))
        {
            string programs = section.WithPrograms && line.Programs.Count > 0
                ? $"  by {string.Join(", ", line.Programs.Take(3).Select(name => Safe(name, 20)))}{(line.Programs.Count > 3 ? ", …" : "")}"
                : "";
            string count = string.Create(CultureInfo.InvariantCulture, $"{line.Count,10:N0}  ");
            yield return new ScreenRow($"{count}{Safe(line.Text, Math.Max(40, columns - count.Length - programs.Length))}{programs}");
        }
    }

    private static IEnumerable<ScreenRow> CountRows(AuditSummary summary)
    {
        (string Title, SummaryCount Count)[] counts = [("read", summary.Read), ("looked at", summary.Looked), ("probes", summary.Probes)];
        return counts.Where(each => each.Count.Distinct > 0).Select(each => new ScreenRow(
            $"{each.Title}:",
            string.Create(CultureInfo.InvariantCulture, $" {each.Count.Distinct:N0} path{(each.Count.Distinct == 1 ? "" : "s")}, {each.Count.Times:N0} times"),
            Support.Paint.Bold));
    }

    /// <summary>The first line that was not understood; the coverage says how many there are.</summary>
    private IEnumerable<ScreenRow> UnknownRows(ImportResult result) => result.Lines.Unknown.Take(1).Select(line => new ScreenRow(
        "not understood:", $" {Name(result, line.Origin)}: {SafeText.Of(line.Text.Span, columns, line.Length)}", Support.Paint.Bold));

    private static string Place(ImportResult result, Origin origin) => origin.Line > 0 ? $" ({Name(result, origin)})" : "";

    private static string Name(ImportResult result, Origin origin) =>
        $"{(origin.Input < result.Inputs.Count ? Safe(result.Inputs[origin.Input].Name, 60) : "?")}:{origin.Line}";

    private static string Safe(string text, int limit) => SafeText.Of(HostileText.Of(KernelText.Encode(text)), limit);

    private sealed record SummarySection(string Title, IReadOnlyList<SummaryLine> Lines, bool WithPrograms = true)
    {
        public int Shown { get; set; }
    }
}
