using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Import.Strace;
using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Import;

/// <summary>Reads recordings that others made. Memory grows with what is distinct in them, not with their length.
/// </summary>
public sealed partial class Importer
{
    /// <summary>Lines between two looks at the clock and at the wish to stop.</summary>
    private const int Interval = 4096;

    private readonly ImportOptions _options;
    private readonly CancellationToken _stop;
    private readonly AccessTable _table = new();
    private readonly CoverageLog _coverage = new();
    private readonly LineCounts _counts = new();
    private readonly List<ImportedInput> _inputs = [];
    private long _bytes;
    private long _total;
    private long _lines;

    private Importer(ImportOptions options, CancellationToken stop) => (_options, _stop) = (options, stop);

    /// <param name="stop">Ends the import; what was read until then is the result.</param>
    /// <exception cref="ImportException">An input cannot be read, or is no recording.</exception>
    public static ImportResult Run(ImportOptions options, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new Importer(options, stop).Run();
    }

    private ImportResult Run()
    {
        IReadOnlyList<InputSet> sets = InputSet.Of(_options.Paths);
        _total = TotalBytes(sets);
        foreach (InputSet set in sets.Where(set => set.IsSplit))
        {
            ReadSplit(set);
        }

        foreach (string path in InOrder(sets.Where(set => !set.IsSplit).SelectMany(set => set.Files).Select(file => file.Path)))
        {
            ReadOne(path);
        }

        FinishTables();
        if (_stop.IsCancellationRequested)
        {
            _coverage.Note(CoverageProblem.Interrupted, default);
        }

        return ImportConclusion.Of(_inputs, _table, _coverage, _counts);
    }

    private void ReadOne(string path)
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        using InputFile file = InputFile.Open(path, _options);
        int input = _inputs.Count;
        List<byte[]> head = ReadHead(file, out bool isWhole);
        TraceFormat format = _options.Format != TraceFormat.Auto ? _options.Format : FormatDetector.Detect(head);
        if (format == TraceFormat.Auto)
        {
            throw new ImportException(
                head.Count == 0
                    ? $"{path} is empty"
                    : $"{path} is no recording that is known here (strace, a tool of bcc, libbpf-tools or bpftrace, or a journal of ours); "
                        + "name its format with --format");
        }

        LineAction read = Begin(format, input, out Action finish);
        long number = 0;
        foreach (byte[] line in head)
        {
            read(line, new Origin(input, ++number));
        }

        isWhole = ReadLines(file, input, read, isWhole);
        finish();
        _inputs.Add(file.Finish(format, isWhole));
        _bytes += file.Count;
    }

    private delegate void LineAction(ReadOnlySpan<byte> line, Origin origin);

    private LineAction Begin(TraceFormat format, int input, out Action finish)
    {
        if (format == TraceFormat.Strace)
        {
            StraceReader reader = new(_table, _coverage, _counts, onlyPayload: _options.OnlyPayload);
            finish = reader.Finish;
            return (line, origin) => reader.Read(line, origin, 0);
        }

        if (format == TraceFormat.Journal)
        {
            Journals.JournalEvents journal = new(_table, _coverage, _counts);
            finish = journal.Finish;
            return journal.Read;
        }

        return BeginTable(format, input, out finish);
    }

    /// <summary>The first lines, by which the format is found.</summary>
    /// <param name="isWhole">Whether the input could be read so far.</param>
    private List<byte[]> ReadHead(InputFile file, out bool isWhole)
    {
        List<byte[]> head = [];
        long length = 0;
        isWhole = true;
        while (head.Count < FormatDetector.Lines && length < FormatDetector.MaxBytes && isWhole
            && TryRead(file, out ReadOnlySpan<byte> line, out isWhole))
        {
            NoteShape(file);
            head.Add(line.ToArray());
            length += line.Length;
        }

        _lines += head.Count;
        return head;
    }

    /// <returns>Whether the input was read to its end.</returns>
    private bool ReadLines(InputFile file, int input, LineAction read, bool isWhole)
    {
        long since = 0;
        while (isWhole && TryRead(file, out ReadOnlySpan<byte> line, out isWhole))
        {
            NoteShape(file);
            read(line, new Origin(input, file.Lines.Number));
            _lines++;
            if (++since % Interval == 0)
            {
                _options.Progress?.Invoke(new ImportProgress(_bytes + file.Count, _total, _lines, _table.Count));
                if (_stop.IsCancellationRequested)
                {
                    return false;
                }
            }
        }

        return isWhole;
    }

    private bool TryRead(InputFile file, out ReadOnlySpan<byte> line, out bool isWhole)
    {
        isWhole = true;
        try
        {
            return file.Lines.TryRead(out line);
        }
        catch (Exception failure) when (failure is InvalidDataException or EndOfStreamException)
        {
            // A packed file that is cut off: what came until then is kept.
            _coverage.Note(CoverageProblem.CutInput, new Origin(_inputs.Count, file.Lines.Number));
            line = default;
            isWhole = false;
            return false;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ImportException($"{file.Name} cannot be read: {failure.Message.TrimEnd('.')}");
        }
    }

    private void NoteShape(InputFile file)
    {
        if (file.Lines.IsTorn)
        {
            _coverage.Note(CoverageProblem.CutInput, new Origin(_inputs.Count, file.Lines.Number));
        }

        if (file.Lines.IsTooLong)
        {
            _coverage.Note(CoverageProblem.CutText, new Origin(_inputs.Count, file.Lines.Number));
        }
    }

    private static long TotalBytes(IReadOnlyList<InputSet> sets)
    {
        long total = 0;
        foreach ((string path, _) in sets.SelectMany(set => set.Files))
        {
            FileInfo file = new(path);
            if (path == "-" || !file.Exists)
            {
                return 0;
            }

            total += file.Length;
        }

        return total;
    }
}
