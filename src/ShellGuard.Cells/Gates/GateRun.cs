using System.Globalization;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cells.Supervision;
using ShellGuard.Cells.Walls;
using ShellGuard.Core.Events;
using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;
using ShellGuard.Linux;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Terminals;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Gates;

/// <summary>One passage through a gate, on a thread of its own: takes everything that comes in, has it checked, and writes
/// what may go on.</summary>
/// <param name="session">Whose.</param>
/// <param name="flow">Is asked before the first byte goes on.</param>
/// <param name="recorder">The lobby's.</param>
/// <param name="place">Which gate, between which nodes.</param>
/// <param name="input">The reading end of a pipe; belongs to this object from now on.</param>
/// <param name="output">Where to, in the lobby; stays the caller's until this has ended. Null for nowhere.</param>
internal abstract class GateRun(
    SessionContext session, FlowKeeper flow, SessionRecorder recorder, GatePlace place, Descriptor input, Descriptor? output)
    : IDisposable
{
    /// <summary>A pipe that poll(2) calls writable takes this much without blocking, pipe(7) PIPE_BUF.</summary>
    private const int NeverBlocks = 4096;

    private OwnThread.Work? _thread;
    private volatile bool _cancelled;
    private volatile bool _hasEnded;
    private volatile bool _hasPassed;

    /// <summary>Whether nothing of the gate is left but bytes that may go on.</summary>
    public bool HasPassed => _hasPassed;

    /// <summary>Whether it is over, and <see cref="Problem"/> says how.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>Why nothing went on, for the person; null when it did.</summary>
    public string? Problem { get; private set; }

    public GatePlace Place => place;

    protected GateRule Gate => place.Gate;

    protected SessionContext Session => session;

    protected SessionRecorder Recorder => recorder;

    protected Descriptor Input => input;

    protected WakeUp Wake { get; } = new();

    protected bool IsCancelled => _cancelled;

    /// <summary>Begins.</summary>
    /// <param name="ended">Called on its thread when something passed, and when it is over.</param>
    public void Start(Action ended) => _thread = OwnThread.Begin($"gate {Gate.Gate.Name}", () => Run(ended));

    /// <summary>Who asked is gone: nothing goes on any more.</summary>
    public virtual void Cancel()
    {
        _cancelled = true;
        Wake.Signal();
    }

    public void Dispose()
    {
        Cancel();
        _thread?.Join();
        Wake.Dispose();
        input.Dispose();
    }

    /// <summary>Gets what is to go on.</summary>
    /// <param name="problem">Why nothing may.</param>
    protected abstract byte[]? Collect(out string problem);

    /// <summary>What a passage costs, of which nothing was paid in the model yet.</summary>
    protected abstract long CostOf(byte[] passing);

    /// <summary>What is left for later passages.</summary>
    protected abstract long LeftLater();

    /// <summary>What the person is told of a passage.</summary>
    protected abstract string Told(long bytes, long bits, long left);

    /// <summary>Reads until the end, or one byte more than there may be, or somebody wakes us.</summary>
    protected static LinuxResult ReadOn(Descriptor from, byte[] buffer, ref int filled)
    {
        LinuxResult read = DescriptorIo.Read(from, buffer.AsSpan(filled));
        filled += read.Succeeded ? (int)read.Value : 0;
        return read;
    }

    private void Run(Action ended)
    {
        try
        {
            byte[]? passing = Collect(out string problem);
            Problem = _cancelled ? "who asked for it went away" : passing is null ? problem : Pass(passing, ended);
        }
#pragma warning disable CA1031 // Whatever goes wrong lets nothing out, and is said.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Problem = failure.Message;
        }

        _hasEnded = true;
        ended();
    }

    /// <returns>Why not.</returns>
    private string? Pass(byte[] passing, Action passed)
    {
        long bits = CostOf(passing);
        long left = LeftLater();
        FlowDenial? denial = flow.Apply(
            _ => new FillGate(place.Index, Math.Min(Gate.Gate.Capacity, bits + left)),
            _ => new PassGate(place.Index, place.Node, place.To, bits));
        if (denial is not null)
        {
            return denial.Reason(new FlowText());
        }

        GateEvent passage = new(Gate.Gate.Name, Digest(passing), passing.Length, bits, left);
        if (!recorder.Record(passage))
        {
            return "the journal cannot be written";
        }

        _hasPassed = true;
        passed();
        session.Terminal.Notices.Say(Told(passing.Length, bits, left));
        return Write(passing);
    }

    protected static string Digest(byte[] content) =>
        Convert.ToHexString(global::System.Security.Cryptography.SHA256.HashData(content)).ToLowerInvariant();

    protected static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private string? Write(byte[] passing)
    {
        int written = 0;
        PollSet poll = new(2);
        while (output is not null && written < passing.Length)
        {
            poll.Set(0, output, PollEvents.POLLOUT);
            poll.Set(1, Wake.Descriptor, PollEvents.POLLIN);
            poll.Wait(-1).OrThrow();
            if (_cancelled)
            {
                return "who asked for it went away";
            }

            LinuxResult result = DescriptorIo.Write(
                output, passing.AsSpan(written, Math.Min(NeverBlocks, passing.Length - written)));
            if (result.Failed && result.Error is not Errno.EAGAIN)
            {
                return $"what passed could not be written: {result.Error}";
            }

            written += result.Succeeded ? (int)result.Value : 0;
        }

        return null;
    }
}
