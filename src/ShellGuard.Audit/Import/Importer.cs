using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Import.Strace;
using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Import;

/// <summary>Reads recordings that others made. Memory grows with what is distinct in them, not with their length.
/// </summary>
public sealed partial class Importer : IDisposable
{
    /// <summary>Lines between two looks at the clock and at the wish to stop.</summary>
    private const int Interval = 4096;

    private readonly ImportOptions _options;
    private readonly IReadOnlyList<InputSet> _sets;
    private readonly AccessTable _table;
    private readonly CoverageLog _coverage = new();
    private readonly LineCounts _counts = new();
    private readonly List<ImportedInput> _inputs = [];
    private CancellationToken _stop;
    private long _total;
    private long _bytes;
    private long _lines;

    /// <summary>Opens the inputs, all of them, and reads nothing: whoever does so afterwards needs no right to open any.
    /// </summary>
    /// <exception cref="ImportException">An input cannot be opened.</exception>
    public Importer(ImportOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _table = new AccessTable { OnlyPayload = options.OnlyPayload };
        _sets = InputSet.Of(options.Paths, options.StandardInput);
    }

    /// <param name="stop">Ends the import; what was read until then is the result.</param>
    /// <exception cref="ImportException">An input cannot be read, or is no recording.</exception>
    public static ImportResult Run(ImportOptions options, CancellationToken stop)
    {
        using Importer importer = new(options);
        return importer.Read(stop);
    }

    public void Dispose()
    {
        foreach (InputPart part in _sets.SelectMany(set => set.Files))
        {
            part.Input.Dispose();
        }
    }

    /// <summary>Reads the inputs. Once.</summary>
    /// <param name="stop">Ends the import; what was read until then is the result.</param>
    /// <exception cref="ImportException">An input cannot be read, or is no recording.</exception>
    public ImportResult Read(CancellationToken stop)
    {
        _stop = stop;
        _total = TotalBytes;
        foreach (InputSet set in _sets.Where(set => set.IsSplit))
        {
            ReadSplit(set);
        }

        foreach (OpenInput input in InOrder(_sets.Where(set => !set.IsSplit).SelectMany(set => set.Files).Select(part => part.Input)))
        {
            ReadOne(input);
        }

        FinishTables();
        if (_stop.IsCancellationRequested)
        {
            _coverage.Note(CoverageProblem.Interrupted, default);
        }

        return ImportConclusion.Of(_inputs, _table, _coverage, _counts);
    }

    private void ReadOne(OpenInput opened)
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        string path = opened.Name;
        using InputFile file = InputFile.Open(opened);
        int input = _inputs.Count;
        List<byte[]> head = ReadHead(file, out bool isWhole);
        TraceFormat format = _options.Format != TraceFormat.Auto ? _options.Format : FormatDetector.Detect(head);
        if (format == TraceFormat.Auto)
        {
            throw new ImportException((head.Count == 0, isWhole) switch
            {
                (true, true) => $"{path} is empty: nothing was recorded, or the recorder was killed before it wrote anything",
                (true, false) => $"{path} is cut off or damaged before its first line",
                (false, false) => $"{path} is cut off or damaged, and nothing before that is known here; name its format with --format",
                _ => $"{path} is no recording that is known here (strace, perf, a tool of bcc, libbpf-tools or bpftrace, or a journal of ours); "
                    + "name its format with --format",
            });
        }

        LineAction read = Begin(format, input, out Func<InputEnd> finish);
        long number = 0;
        foreach (byte[] line in head)
        {
            read(line, new Origin(input, ++number));
        }

        isWhole = ReadLines(file, input, read, isWhole);
        InputEnd end = finish();
        _inputs.Add(file.Finish(format, isWhole, end.Clock, end.Kernel));
        _bytes += file.Count;
    }

    /// <summary>What is known of an input once it was read.</summary>
    private readonly record struct InputEnd(TraceClock Clock, RecordedKernel? Kernel = null);

    private delegate void LineAction(ReadOnlySpan<byte> line, Origin origin);

    private LineAction Begin(TraceFormat format, int input, out Func<InputEnd> finish)
    {
        if (format == TraceFormat.Strace)
        {
            StraceReader reader = new(_table, _coverage, _counts, onlyPayload: _options.OnlyPayload);
            finish = () =>
            {
                reader.Finish();
                return new InputEnd(reader.Clock, reader.Kernel);
            };
            return (line, origin) => reader.Read(line, origin, 0);
        }

        if (format is TraceFormat.PerfScript or TraceFormat.PerfTrace)
        {
            Perf.PerfReader reader = new(_table, _coverage, _counts, _options.OnlyPayload, format == TraceFormat.PerfTrace);
            finish = () =>
            {
                reader.Finish();
                return new InputEnd(reader.Clock);
            };
            return reader.Read;
        }

        if (format == TraceFormat.Journal)
        {
            Journals.JournalEvents journal = new(_table, _coverage, _counts);
            finish = () =>
            {
                journal.Finish();
                return new InputEnd(TraceClock.Utc);
            };
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

    /// <summary>Bytes of all inputs; 0 where one of them does not tell.</summary>
    private long TotalBytes
    {
        get
        {
            long total = 0;
            foreach (InputPart part in _sets.SelectMany(set => set.Files))
            {
                if (part.Input.Size == 0)
                {
                    return 0;
                }

                total += part.Input.Size;
            }

            return total;
        }
    }
}
