using ShellGuard.Audit.Import.Tables;
using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Import;

/// <summary>Tables of eBPF tools. All inputs are one recording: what one tool knows of a process helps the others.
/// </summary>
public sealed partial class Importer
{
    private TableReader? _tables;

    private LineAction BeginTable(TraceFormat format, int input, out Func<InputEnd> finish)
    {
        TableReader tables = _tables ??= new TableReader(_table, _coverage, _counts);
        tables.Begin();
        if (format == TraceFormat.Ebpf)
        {
            finish = () => default;
            return tables.Read;
        }

        JsonLines json = new(tables, _counts);
        finish = () =>
        {
            json.Finish(new Origin(input, 0));
            return default;
        };
        return json.Read;
    }

    /// <summary>Tables of executions come first, so that the other tools' processes have a program.</summary>
    private List<OpenInput> InOrder(IEnumerable<OpenInput> inputs)
    {
        List<OpenInput> all = [.. inputs];
        return all.Count < 2 ? all : [.. all.OrderBy(input => !input.IsRepeatable || !IsTableOfExecutions(input))];
    }

    private bool IsTableOfExecutions(OpenInput input)
    {
        using InputFile file = InputFile.Open(input);
        for (int i = 0; i < FormatDetector.Lines && TryRead(file, out ReadOnlySpan<byte> line, out bool isWhole) && isWhole; i++)
        {
            if (TableHeader.Parse(line) is { } header)
            {
                return header.Tool == TableTool.Execsnoop;
            }
        }

        return false;
    }

    private void FinishTables() => _tables?.Finish();
}
