#:project ../../src/ShellGuard.Core/ShellGuard.Core.csproj
#:property NoWarn=CS1591;CA1852
// What the flow model alone takes, in nanoseconds: medians of batches, one line each. Run by bench/walls.py.
using System.Diagnostics;
using ShellGuard.Core;
using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;

const int Cells = 200;

TagUniverse universe = new([.. Enumerable.Range(0, Cells).Select(number => $"source-{number}"), "out"]);
RuleSource rule = new("bench", 0, 0, "");
FlowPolicy policy = new(
    universe,
    [.. Enumerable.Range(0, 8).Select(set => new ConflictSet(
        $"set {set}", 1, Of($"source-{set}") | Of("out"), ConflictMode.Flow, false, rule))],
    [],
    strict: false);

// A few cells, and a session of 200 with the longest way through all of them to where the data must not get.
foreach ((string name, int count) in new[] { ("small", 4), ("large", Cells) })
{
    FlowState state = FlowState.Empty(policy);
    List<NodeId> cells = [];
    for (int i = 0; i < count; i++)
    {
        cells.Add(state.NextNode);
        state = Done(state, new CreateCell(state.NextNode, $"cell-{i}", null, TagSet.Empty, new Clearance(TagSet.All, TagSet.All)));
    }

    for (int i = 1; i < count - 1; i++)
    {
        state = Done(state, new Connect(new FlowEdge(state.NextEdge, cells[i], cells[i + 1])));
    }

    NodeId outside = state.NextNode;
    state = Done(state, new CreateService(outside, "outside", TagSet.Empty, Of("out"), Mailbox: false));
    state = Done(state, new Connect(new FlowEdge(state.NextEdge, cells[^1], outside)));
    state = Done(state, new AcquireSource(cells[0], Of("source-0"), "customers"));
    Connect refused = new(new FlowEdge(state.NextEdge, cells[0], cells[1]));
    Connect allowed = new(new FlowEdge(state.NextEdge, outside, cells[0]));
    AcquireSource known = new(cells[0], Of("source-0"), "customers");
    FlowText text = new();
    FlowRefusal refusal = state.Apply(refused).Refusal ?? throw new InvalidOperationException("it was not refused");

    Measure($"{name}-known", () => state.Apply(known).Allowed);
    Measure($"{name}-edge", () => state.Apply(allowed).Allowed);
    Measure($"{name}-refused", () => !state.Apply(refused).Allowed);
    Measure($"{name}-explained", () =>
        text.Explain(state, refused, FlowExplanation.Of(refusal), WaysOn.Of(state, refused, refusal)).Length > 0);
}

TagSet Of(string name) => universe.TryFind(name, out Tag tag) ? TagSet.Of(tag) : throw new InvalidOperationException(name);

static FlowState Done(FlowState state, FlowOperation operation)
{
    FlowDecision decision = state.Apply(operation);
    return decision.Allowed ? decision.State : throw new InvalidOperationException($"{operation} was refused");
}

static void Measure(string name, Func<bool> body)
{
    const int Batches = 200;
    const int Each = 50;
    long[] samples = new long[Batches];
    for (int batch = -Batches; batch < Batches; batch++)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Each; i++)
        {
            if (!body())
            {
                throw new InvalidOperationException($"{name} decided otherwise");
            }
        }

        if (batch >= 0)
        {
            samples[batch] = (long)Stopwatch.GetElapsedTime(start).TotalNanoseconds / Each;
        }
    }

    Array.Sort(samples);
    Console.WriteLine($"{name} {samples[Batches / 2]}");
}
