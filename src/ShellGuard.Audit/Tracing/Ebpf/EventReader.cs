using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Import;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Audit.Tracing.Ebpf;

/// <summary>Reads events on a thread of its own and records them. What the programs lost is said at the end, in the
/// recording as well.</summary>
internal sealed class EventReader : IDisposable
{
    /// <summary>Milliseconds that events may lie in the ring.</summary>
    private const int Patience = 50;

    /// <summary>Blocks of lines that may wait for being read: there is time for them when the command is over.</summary>
    private const int MaxWaiting = 4096;

    private readonly Capture _capture;
    private readonly Recording _recording;
    private readonly EventLoop _events;
    private readonly WakeUp _wake = new();
    private readonly Thread _thread;
    private volatile bool _isOver;

    /// <param name="capture">Stays the caller's, and must live longer.</param>
    public EventReader(Capture capture, TraceOptions options)
    {
        _capture = capture;
        _recording = new Recording("eBPF", options.Record, options.OnlyPayload, options.Seen, MaxWaiting);
        _events = new EventLoop(_recording, options.Environment);
        _thread = new Thread(Read) { Name = "events" };
    }

    /// <summary>Begins to read.</summary>
    /// <exception cref="TraceException">What is read could not be recorded.</exception>
    public void Start()
    {
        _recording.Begin();
        _thread.Start();
    }

    /// <summary>Reads what is there yet, and ends.</summary>
    public void Stop()
    {
        _isOver = true;
        _wake.Signal();
        _thread.Join();
    }

    /// <summary>Ends the recording.</summary>
    /// <param name="problems">What the caller knows that is missing.</param>
    /// <exception cref="ImportException">It could not be written.</exception>
    public ImportResult Finish(IReadOnlyList<CoverageProblem> problems)
    {
        Note("shellguard: lost "u8, _capture.Lost, " events"u8);
        Note("shellguard: did not follow "u8, _capture.NotFollowed, " threads"u8);
        foreach (CoverageProblem problem in problems)
        {
            _recording.Note(problem);
        }

        return _recording.Finish();
    }

    public void Dispose()
    {
        _recording.Dispose();
        _wake.Dispose();
    }

    private void Read()
    {
        PollSet poll = new(2);
        poll.Set(0, _capture.Waiting, PollEvents.POLLIN);
        poll.Set(1, _wake.Descriptor, PollEvents.POLLIN);
        while (!_isOver)
        {
            poll.Wait(Patience);
            _wake.Clear();
            _capture.Read(_events.Take);
        }

        _capture.Read(_events.Take);
    }

    private void Note(ReadOnlySpan<byte> what, long count, ReadOnlySpan<byte> kind)
    {
        if (count > 0)
        {
            LineBuffer line = new();
            line.Add(what);
            line.Add(count);
            line.Add(kind);
            _recording.Add(line.Written);
        }
    }
}
