using ShellGuard.Cells.Freezing;
using ShellGuard.Core;
using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Walls;

/// <content>A running cell whose label grows asks for an endpoint. It never has the endpoint and what does not go with it
/// at one instant: while the one is taken and the other given, the cell stands still.</content>
internal sealed partial class Sides
{
    /// <summary>Decides.</summary>
    /// <param name="relays">The relays that there are.</param>
    /// <returns>A refusal, or null.</returns>
    public Verdict? Acquire(Acquisition wanted, ILiveRelays relays)
    {
        if (_running.Values.FirstOrDefault(running => running.Endpoints == wanted.Asker) is not { } cell)
        {
            return Refused("a cell that ends gets nothing more", "the cell is ending", null);
        }

        List<Func<FlowState, FlowOperation>> operations = Edges(wanted, cell.Node);
        if (operations.Count == 0)
        {
            return null;
        }

        FlowDenial? denial = _turns.Take(() => _flow.Apply([.. operations]));
        if (denial is null)
        {
            return null;
        }

        string? kept = null;
        FlowOperation[] cuts = CutsFor(denial, cell.Node);
        if (cuts.Length > 0)
        {
            Severing? severing = _turns.While(cell.Node, () => Sever(cell, cuts, relays), out kept);
            if (severing is { Problem: null })
            {
                // The cell goes on with nothing that these edges were, and the flow graph may forget them.
                denial = _turns.Take(() => _flow.Apply([.. cuts.Select(Constantly), .. operations]));
            }

            kept ??= severing?.Problem;
        }

        return denial is null ? null : Refuse(cell, denial, kept);
    }

    private static Func<FlowState, FlowOperation> Constantly(FlowOperation operation) => _ => operation;

    /// <summary>The edges that a connection to these resources is, as far as there are none yet.</summary>
    private List<Func<FlowState, FlowOperation>> Edges(Acquisition wanted, NodeId node)
    {
        List<Func<FlowState, FlowOperation>> operations = [];
        FlowNode now = _flow.State[node];
        foreach (TaggedResource resource in wanted.Resources)
        {
            NodeId service = _services[resource];
            if (!now.In.Any(edge => edge.From == service))
            {
                operations.Add(FlowKeeper.Edge(service, node));
            }

            if (!now.Out.Any(edge => edge.To == service))
            {
                operations.Add(FlowKeeper.Edge(node, service));
            }
        }

        return operations;
    }

    /// <summary>What the model says would have to be cut, if all of it is the cell's own and can be.</summary>
    private FlowOperation[] CutsFor(FlowDenial denial, NodeId node)
    {
        FlowNode now = _flow.State[node];
        foreach (WayOn.Sever way in WaysOn.Of(denial.State, denial.Operation, denial.Refusal).OfType<WayOn.Sever>())
        {
            if (way.Cuts.All(cut => cut is Disconnect { Edge: var edge }
                && (now.Out.Contains(edge) || now.In.Contains(edge)) && edge.To != Person))
            {
                return [.. way.Cuts];
            }
        }

        return [];
    }

    /// <summary>Takes from a frozen cell what certain edges are, or finds that it has given that up by itself.</summary>
    private Severing Sever(LabelCell cell, FlowOperation[] cuts, ILiveRelays relays)
    {
        SocketScan scan = SocketScan.Of(cell.Init);
        List<FlowEdge> live = [];
        HashSet<ulong> sockets = [];
        foreach (FlowEdge edge in cuts.OfType<Disconnect>().Select(cut => cut.Edge))
        {
            NodeId other = edge.From == cell.Node ? edge.To : edge.From;
            TaggedResource? resource = _services.FirstOrDefault(service => service.Value == other).Key;
            if (resource is null)
            {
                if (_flow.State[other].Kind != NodeKind.Cell)
                {
                    return new Severing($"{_flow.State[other].Name} cannot be taken away");
                }

                if (relays.IsLive(edge))
                {
                    live.Add(edge);
                }

                continue;
            }

            if (scan.Problem is { } unknown || !cell.Endpoints!.TrySocketsOf(resource, out IReadOnlySet<ulong> known))
            {
                return new Severing($"{resource.Name} is held: {scan.Problem ?? "a connection is being made"}");
            }

            if (scan.Mapped.Overlaps(known))
            {
                return new Severing($"{resource.Name} is held: a socket is mapped into memory");
            }

            sockets.UnionWith(scan.Places.Select(place => place.Inode).Where(known.Contains));
        }

        if (live.Count == 0 && sockets.Count == 0)
        {
            return new Severing(null);
        }

        if (cell.Group.Floating!.Late != LateAcquisition.Sever)
        {
            return new Severing($"still open: {Held(cell, live, scan, sockets)}");
        }

        live.ForEach(relays.Cut);
        foreach (SocketPlace place in scan.Places.Where(place => sockets.Contains(place.Inode)))
        {
            LinuxResult closed = Shut(place);
            if (closed.Failed && closed.Error is not Errno.ENOTCONN)
            {
                return new Severing($"a socket of {NameOf(place.Process)} cannot be shut down: {closed}");
            }
        }

        return new Severing(null);
    }

    private string Held(LabelCell cell, List<FlowEdge> live, SocketScan scan, HashSet<ulong> sockets) => string.Join(
        ", ",
        live.Select(edge => $"a pipe {(edge.From == cell.Node ? $"to {_flow.State[edge.To].Name}" : $"from {_flow.State[edge.From].Name}")}")
            .Concat(scan.Places.Where(place => sockets.Contains(place.Inode))
                .Select(place => $"descriptor {place.Number} of {NameOf(place.Process)}"))
            .Distinct(StringComparer.Ordinal).Take(8));

    private static string NameOf(int process) => Supervision.Network.ProcessChain.Of(process) is [var found, ..]
        ? $"{SafeText.Shorten(Path.GetFileName(found.Program), 60)} (pid {process})"
        : $"process {process}";

    /// <summary>A connected socket that was shut down never sends or receives again, and never gets another target.</summary>
    private static LinuxResult Shut(SocketPlace place)
    {
        LinuxResult result = PidFd.OpenThread(place.Thread, out PidFd thread);
        using (thread)
        {
            if (result.Failed)
            {
                return result;
            }

            result = thread.GetDescriptor(place.Number, out Descriptor socket);
            using (socket)
            {
                return result.Failed ? result : Sockets.Shutdown(socket, how: 2);
            }
        }
    }

    private Verdict Refuse(LabelCell cell, FlowDenial denial, string? kept)
    {
        CellRule rule = cell.Group.Floating!;
        string wayOn = denial.WayOn(Text);
        if (rule.Late == LateAcquisition.Elsewhere)
        {
            _floating[cell.Group].IsFull = true;
            wayOn = $"run it again: the next command in {rule.Name} gets a cell of its own";
        }

        string reason = denial.Reason(Text);
        reason = kept is null ? reason : $"{reason}; {kept}";
        return denial.Refusal.Conflict is { } conflict
            ? Verdict.Deny(conflict.Rule, reason, wayOn)
            : Refused("no edge that the policy does not allow", reason, wayOn);
    }

    private static Verdict Refused(string rule, string reason, string? wayOn) =>
        Verdict.Deny(new RuleSource("built-in", 0, 0, rule), reason, wayOn);

    /// <param name="Problem">Why the cell still has it; null when it has not.</param>
    private sealed record Severing(string? Problem);
}
