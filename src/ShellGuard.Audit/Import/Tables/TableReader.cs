using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Import.Tables;

/// <summary>Reads the tables of eBPF tools, several tools in one file or in several.</summary>
internal sealed partial class TableReader(AccessTable table, CoverageLog coverage, LineCounts counts)
{
    private readonly TableProcesses _processes = new(table);
    private readonly SortedSet<TableTool> _tools = [];
    private TableRow? _row;
    private bool _flagsMissing;

    /// <summary>A new file: nothing is known of its columns.</summary>
    public void Begin() => _row = null;

    public void Read(ReadOnlySpan<byte> line, Origin origin)
    {
        if (LogText.TrimBlanks(line).IsEmpty)
        {
            counts.Add(LineKind.Blank);
        }
        else if (ReadLoss(line, origin))
        {
            counts.Add(LineKind.Loss);
        }
        else if (TableHeader.Parse(line) is { } header)
        {
            counts.Add(LineKind.Header);
            _row = new TableRow(header);
            _tools.Add(header.Tool);
        }
        else if (IsBanner(line))
        {
            counts.Add(LineKind.Header);
        }
        else if (_row is not null && _row.TryParse(line) && ReadRow(_row, line, origin))
        {
            counts.Add(LineKind.Event);
        }
        else if (_row is not null && IsFrame(line))
        {
            counts.Add(LineKind.Detail);
        }
        else
        {
            counts.AddUnknown(origin, line);
        }
    }

    /// <summary>A frame of a call stack, as options of capable and opensnoop print them below a row.</summary>
    private bool IsFrame(ReadOnlySpan<byte> line) =>
        _row!.Header.Tool is TableTool.Capable or TableTool.Opensnoop && line.StartsWith("    "u8);

    /// <summary>All files were read.</summary>
    public void Finish()
    {
        if (_tools.Count == 0)
        {
            return;
        }

        string tools = string.Join(", ", _tools.Select(tool => tool.ToString().ToLowerInvariant()));
        string detail = $"{tools}: only their own kind of event, no forks, and arguments and long paths are cut";
        if (_flagsMissing)
        {
            detail += "; opensnoop without -e does not tell reading from writing, and everything is taken for reading";
        }

        coverage.Note(CoverageProblem.OneAspect, default, detail: detail);
    }

    /// <summary><c>Possibly lost 5 samples</c>, <c>Lost 5 events on CPU #0!</c>, <c>lost 5 events on CPU #0</c>, <c>Lost 5 events</c>.
    /// </summary>
    private bool ReadLoss(ReadOnlySpan<byte> line, Origin origin)
    {
        int at = line.StartsWith("Possibly lost "u8) ? "Possibly lost ".Length
            : line.StartsWith("Lost "u8) || line.StartsWith("lost "u8) ? "Lost ".Length
            : 0;
        if (at == 0 || LogText.Decimal(line[at..], out long count) is not (> 0 and int digits)
            || !(line[(at + digits)..].StartsWith(" samples"u8) || line[(at + digits)..].StartsWith(" events"u8)))
        {
            return false;
        }

        NoteLoss(count, origin);
        return true;
    }

    public void NoteLoss(long count, Origin origin) => coverage.Note(CoverageProblem.LostEvents, origin, Math.Max(1, count));

    public void NoteCut(Origin origin) => coverage.Note(CoverageProblem.CutText, origin);

    private static bool IsBanner(ReadOnlySpan<byte> line) =>
        line.StartsWith("Tracing "u8) || line.StartsWith("Tracing... "u8) || line.StartsWith("Attaching "u8) || line.StartsWith("Attached "u8)
        || line.StartsWith("libbpf: "u8) || LogText.TrimBlanks(line).SequenceEqual("[Missed User Stack]"u8)
        || LogText.TrimBlanks(line).SequenceEqual("[Missed Kernel Stack]"u8);
}
