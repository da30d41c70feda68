using System.Globalization;
using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Model;
using ShellGuard.Audit.Reports;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cli.Support;

/// <summary>The main points of a recording on one screen. Everything in it was chosen by whoever made the recording.
/// </summary>
/// <param name="output">Where it is written.</param>
/// <param name="colour">Whether it takes colours.</param>
internal sealed class ImportPrinter(TextWriter output, bool colour)
{
    private const int Shown = 5;
    private const int Width = 100;

    public void Print(ImportResult result, string? stored)
    {
        PrintCoverage(result);
        AuditSummary summary = AuditSummary.Of(result);
        if (AuditSummary.Ran(result) is { } ran)
        {
            output.WriteLine($"{Paint("ran:", Support.Paint.Bold)} {ran}");
        }

        Section("executed", summary.Executed, withPrograms: false);
        Section("changed", summary.Changed);
        Section("connected", summary.Connected);
        Section("listening", summary.Listening);
        Section("privileges", summary.Privileged);
        Section("denied", summary.Denied);
        Count("read", summary.Read, "path");
        Count("looked at", summary.Looked, "path");
        Count("probes", summary.Probes, "path");
        PrintUnknown(result);
        output.WriteLine(stored is null
            ? "-o FILE keeps all of it as evidence, --json prints it"
            : $"all of it is in {Safe(stored, Width)}");
    }

    private void PrintCoverage(ImportResult result)
    {
        foreach (ImportedInput input in result.Inputs.Take(Shown))
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Safe(input.Name, 60)}: {KebabCase.Of(input.Format.ToString())}, {input.Lines:N0} lines, "
                + $"{input.Bytes:N0} bytes, sha256 {input.Sha256?[..16] ?? "none: not read to the end"}"));
        }

        More(result.Inputs.Count - Shown, "inputs");
        CoverageState state = result.Coverage.State;
        output.WriteLine(Paint(
            $"coverage: {KebabCase.Of(state.ToString())}",
            state == CoverageState.Complete ? Support.Paint.Green : state == CoverageState.Partial ? Support.Paint.Yellow : Support.Paint.Red));
        foreach (CoverageReason reason in result.Coverage.Reasons)
        {
            output.WriteLine($"  {SafeText.Message(reason.Text)}{Place(result, reason.First)}");
        }
    }

    private void Section(string title, IReadOnlyList<SummaryLine> lines, bool withPrograms = true)
    {
        if (lines.Count == 0)
        {
            return;
        }

        output.WriteLine(Paint(string.Create(CultureInfo.InvariantCulture, $"{title}: {lines.Count:N0}"), Support.Paint.Bold));
        foreach (SummaryLine line in lines.Take(Shown))
        {
            string programs = withPrograms && line.Programs.Count > 0
                ? $"  by {string.Join(", ", line.Programs.Take(3).Select(name => Safe(name, 20)))}{(line.Programs.Count > 3 ? ", …" : "")}"
                : "";
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{line.Count,10:N0}  {Safe(line.Text, 70)}{programs}"));
        }

        More(lines.Count - Shown, "more");
    }

    private void Count(string title, SummaryCount count, string noun)
    {
        if (count.Distinct > 0)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Paint($"{title}:", Support.Paint.Bold)} {count.Distinct:N0} {noun}{(count.Distinct == 1 ? "" : "s")}, {count.Times:N0} times"));
        }
    }

    private void PrintUnknown(ImportResult result)
    {
        if (result.Lines.Unknown.Count == 0)
        {
            return;
        }

        output.WriteLine(Paint("not understood:", Support.Paint.Bold));
        foreach (UnknownLine line in result.Lines.Unknown.Take(3))
        {
            output.WriteLine($"  {Name(result, line.Origin)}: {SafeText.Of(line.Text.Span, 70, line.Length)}");
        }

        More((int)Math.Min(int.MaxValue, result.Lines[LineKind.Unknown] - 3), "lines");
    }

    private void More(int count, string noun)
    {
        if (count > 0)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"",10}  … {count:N0} {(noun == "more" ? "more" : "more " + noun)}"));
        }
    }

    private string Paint(string text, Paint paint) => Terminal.Paint(text, paint, colour);

    private static string Place(ImportResult result, Origin origin) => origin.Line > 0 ? $" ({Name(result, origin)})" : "";

    private static string Name(ImportResult result, Origin origin) =>
        $"{(origin.Input < result.Inputs.Count ? Safe(result.Inputs[origin.Input].Name, 60) : "?")}:{origin.Line}";

    private static string Safe(string text, int limit) => SafeText.Of(HostileText.Of(KernelText.Encode(text)), limit);
}
