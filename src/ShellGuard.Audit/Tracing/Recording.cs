using System.Collections.Concurrent;
using System.IO.Compression;
using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Import.Strace;
using ShellGuard.Audit.Model;
using ShellGuard.Core;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Audit.Tracing;

/// <summary>Where the tracer's lines go: packed into a file as evidence, and into the reader that makes accesses of them.
/// Both happen on a thread of their own, so that the traced program waits for neither.</summary>
internal sealed class Recording : IDisposable
{
    private const int BlockSize = 64 * 1024;

    /// <summary>Blocks that may wait. A tracer that is faster than its reader is held up, and nothing is lost.</summary>
    private const int MaxWaiting = 64;

    /// <summary>Milliseconds that a line may lie in an unfinished block while others come.</summary>
    private const int MaxDelay = 200;

    private readonly BlockingCollection<byte[]> _blocks;
    private readonly AccessTable _table;
    private readonly CoverageLog _coverage = new();
    private readonly LineCounts _counts = new();
    private readonly StraceReader _reader;
    private readonly FileStream _file;
    private readonly TaskCompletionSource<bool> _mayHash = new();
    private readonly Thread _thread;
    private readonly byte[] _block = new byte[BlockSize];
    private readonly int _delay;
    private int _used;
    private long _flushed = Environment.TickCount64;
    private long _lines;
    private Exception? _failure;
    private string? _hash;

    /// <param name="tracer">What records, for the first line.</param>
    /// <param name="file">Empty; stays the caller's.</param>
    /// <param name="onlyPayload">See <see cref="ImportOptions.OnlyPayload"/>.</param>
    /// <param name="seen">Called, on a thread of the recording's, for each access that was not seen before; null where
    /// nobody watches.</param>
    /// <param name="maxWaiting">Blocks of 64 KiB that may wait to be read and packed.</param>
    public Recording(string tracer, FileStream file, bool onlyPayload, Action<Access>? seen, int maxWaiting = MaxWaiting)
    {
        _blocks = new BlockingCollection<byte[]>(maxWaiting);
        _table = new AccessTable { OnlyPayload = onlyPayload };
        if (seen is not null)
        {
            AccessReader reader = new(_table);
            _table.Added = (key, fact) => seen(reader.Read(key, fact));
        }

        _delay = seen is null ? MaxDelay : 0;
        _file = file;
        _reader = new StraceReader(_table, _coverage, _counts, onlyPayload: onlyPayload);
        _thread = new Thread(Consume) { Name = "recording", IsBackground = true };
        _thread.Start();
        Add(RecordedKernel.Here.ToNotice(tracer));
    }

    /// <summary>Waits until what hashes come from is loaded, which happens beside the start of whatever is recorded.
    /// </summary>
    /// <exception cref="TraceException">The host has none.</exception>
    public void Begin()
    {
        if (!_mayHash.Task.Result)
        {
            throw new TraceException(CryptographicLibrary.Missing);
        }
    }

    /// <summary>Adds a line, without its line feed. Called by the tracer's thread only.</summary>
    public void Add(ReadOnlySpan<byte> line)
    {
        if (_used + line.Length + 1 > BlockSize)
        {
            Flush();
        }

        if (line.Length + 1 > BlockSize)
        {
            _blocks.Add([.. line, (byte)'\n']);
            return;
        }

        line.CopyTo(_block.AsSpan(_used));
        _used += line.Length;
        _block[_used++] = (byte)'\n';
        if (Environment.TickCount64 - _flushed >= _delay)
        {
            Flush();
        }
    }

    /// <summary>Says something about the recording as a whole. Called before <see cref="Finish"/>.</summary>
    public void Note(CoverageProblem problem) => _notes.Add(problem);

    private readonly List<CoverageProblem> _notes = [];

    /// <summary>Hands on what lies here.</summary>
    public void Flush()
    {
        _flushed = Environment.TickCount64;
        if (_used > 0)
        {
            _blocks.Add(_block.AsSpan(0, _used).ToArray());
            _used = 0;
        }
    }

    /// <summary>Ends the recording.</summary>
    /// <exception cref="ImportException">It could not be written.</exception>
    public ImportResult Finish()
    {
        Flush();
        _blocks.CompleteAdding();
        _thread.Join();
        if (_failure is not null)
        {
            throw new ImportException($"{_file.Name} cannot be written: {_failure.Message.TrimEnd('.')}");
        }

        _reader.Finish();
        foreach (CoverageProblem problem in _notes)
        {
            _coverage.Note(problem, default);
        }

        _file.Flush(flushToDisk: true);
        ImportedInput input = new(_file.Name, TraceFormat.Strace, _file.Position, _lines, _hash) { Clock = _reader.Clock, Kernel = _reader.Kernel };
        return ImportConclusion.Of([input], _table, _coverage, _counts);
    }

    public void Dispose()
    {
        if (!_blocks.IsAddingCompleted)
        {
            _blocks.CompleteAdding();
        }

        _thread.Join();
        _blocks.Dispose();
    }

    private void Consume()
    {
        bool mayHash = CryptographicLibrary.TryLoad();
        _mayHash.SetResult(mayHash);
        if (!mayHash)
        {
            return;
        }

        try
        {
            CryptographicLibrary.Prepare();
            using HashingStream hashed = new(_file);
            using (GZipStream packed = new(hashed, CompressionLevel.Fastest, leaveOpen: true))
            {
                foreach (byte[] block in _blocks.GetConsumingEnumerable())
                {
                    packed.Write(block);
                    ReadLines(block);
                }
            }

            _hash = hashed.Finish();
        }
        catch (Exception failure) when (failure is IOException or ImportException)
        {
            // The traced program goes on; Finish says what happened. What comes now is taken and dropped.
            _failure = failure;
            foreach (byte[] _ in _blocks.GetConsumingEnumerable())
            {
            }
        }
    }

    private void ReadLines(ReadOnlySpan<byte> block)
    {
        while (block.IndexOf((byte)'\n') is >= 0 and int end)
        {
            _reader.Read(block[..end], new Origin(0, ++_lines), 0);
            block = block[(end + 1)..];
        }
    }
}
