using System.Globalization;
using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;

namespace ShellGuard.Cells.Walls;

/// <summary>The flow graph of a running session. What gives something is written down before it is done, what takes
/// something after it is proven; so a journal that was cut anywhere never knows of less than there is.</summary>
/// <param name="policy">Conflict sets and gates.</param>
/// <param name="record">Writes an operation to the journal; false when it cannot.</param>
internal sealed class FlowKeeper(FlowPolicy policy, Func<FlowOperation, bool> record)
{
    private readonly Lock _lock = new();
    private readonly List<(TimeOnly Time, string Asker)> _times = [];
    private readonly AsyncLocal<string> _asker = new();
    private FlowState _state = FlowState.Empty(policy);

    /// <summary>Told of the state of now and of the one to come, before that is written down; what it throws keeps the
    /// present one.</summary>
    public Action<FlowState, FlowState> Before { get; set; } = (_, _) => { };

    public FlowState State
    {
        get
        {
            lock (_lock)
            {
                return _state;
            }
        }
    }

    /// <summary>Does all of it or nothing.</summary>
    /// <param name="operations">Given the state that the ones before led to; one at a time.</param>
    /// <returns>The refusal, or null.</returns>
    /// <exception cref="IOException">The journal cannot be written; nothing was done, and the session is ending.</exception>
    /// <exception cref="Linux.LinuxException">What must be known before cannot be written; nothing was done.</exception>
    public FlowDenial? Apply(params ReadOnlySpan<Func<FlowState, FlowOperation>> operations)
    {
        lock (_lock)
        {
            FlowState state = _state;
            List<FlowOperation> done = [];
            foreach (Func<FlowState, FlowOperation> operation in operations)
            {
                FlowOperation next = operation(state);
                FlowDecision decision = state.Apply(next);
                if (decision.Refusal is { } refusal)
                {
                    return new FlowDenial(state, next, refusal);
                }

                done.Add(next);
                state = decision.State;
            }

            Before(_state, state);
            foreach (FlowOperation operation in done)
            {
                if (!record(operation))
                {
                    throw new IOException("the journal cannot be written");
                }
            }

            TimeOnly time = TimeOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
            _times.AddRange(Enumerable.Repeat((time, _asker.Value ?? ""), done.Count));
            _state = state;
            return null;
        }
    }

    /// <summary>Who asks for what this thread does from now on; empty for nobody.</summary>
    public string Asker
    {
        set => _asker.Value = value;
    }

    /// <summary>When an operation was done, by its number, as journals write it, and for whom; what was not done would be
    /// done now.</summary>
    public string TimeOf(long step)
    {
        lock (_lock)
        {
            if (step <= 0 || step > _times.Count)
            {
                return "now";
            }

            (TimeOnly time, string asker) = _times[(int)step - 1];
            string text = time.ToString("HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            return asker.Length == 0 ? text : $"{text}, for {asker}";
        }
    }

    /// <summary>The edge between two nodes that a new one would be.</summary>
    public static Func<FlowState, FlowOperation> Edge(NodeId from, NodeId to) =>
        state => new Connect(new FlowEdge(state.NextEdge, from, to));
}
