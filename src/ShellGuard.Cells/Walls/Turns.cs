using ShellGuard.Cells.Freezing;
using ShellGuard.Cells.Sessions;
using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;

namespace ShellGuard.Cells.Walls;

/// <summary>Whose turn it is where a conflict set is exclusive: cells of the other side are frozen before one begins, and
/// go on when it has ended. For one thread, which is the tracer of what is frozen.</summary>
/// <param name="flow">Is told that a cell stopped after it is proven, and that it goes on before it does.</param>
internal sealed class Turns(FlowKeeper flow)
{
    private readonly SortedDictionary<int, CellFreezer> _cells = [];
    private readonly SortedSet<int> _frozen = [];

    /// <summary>Whether <see cref="Tend"/> has to be called soon.</summary>
    public bool IsBusy => _cells.Values.Any(cell => cell.IsBusy);

    /// <summary>A cell runs.</summary>
    /// <param name="init">Its process 1.</param>
    public void Add(NodeId node, int init) => _cells[node.Value] = new CellFreezer(init);

    /// <summary>A cell was killed: its frozen processes end when their tracer has seen it.</summary>
    public void Remove(NodeId node)
    {
        if (_cells.Remove(node.Value, out CellFreezer? cell))
        {
            _frozen.Remove(node.Value);
            while (cell.IsBusy)
            {
                cell.Tend();
                Thread.Sleep(1);
            }
        }
    }

    /// <summary>Does something while a cell stands still.</summary>
    /// <param name="problem">Why it was not done; null when it was.</param>
    public T? While<T>(NodeId node, Func<T> act, out string? problem)
        where T : class
    {
        problem = null;
        CellFreezer cell = _cells[node.Value];
        bool stands = cell.IsFrozen;
        if (!stands && !cell.TryFreeze(out string reason))
        {
            problem = reason;
            return null;
        }

        try
        {
            return act();
        }
        finally
        {
            if (!stands)
            {
                cell.Thaw();
            }
        }
    }

    public bool IsFrozen(NodeId node) => _frozen.Contains(node.Value);

    public void Tend()
    {
        foreach (CellFreezer cell in _cells.Values)
        {
            cell.Tend();
        }
    }

    /// <summary>Tries something, and freezes cells of the other side as far as it needs that.</summary>
    /// <param name="attempt">Gives the flow model's refusal, or null.</param>
    /// <returns>The refusal that remains, or null.</returns>
    /// <exception cref="SessionException">A cell cannot be frozen on this host; nothing is.</exception>
    public FlowDenial? Take(Func<FlowDenial?> attempt)
    {
        FlowDenial? denial = attempt();
        while (denial is { Refusal.Reason: RefusalReason.Exclusive } && TryMakeRoom(denial))
        {
            denial = attempt();
        }

        return denial;
    }

    /// <summary>A frozen cell gets something to do: it goes on, and the other side stops.</summary>
    public FlowDenial? Resume(NodeId node)
    {
        if (!IsFrozen(node) || Take(() => flow.Apply(_ => new ThawCell(node))) is not { } denial)
        {
            Release(node.Value);
            return null;
        }

        return denial;
    }

    /// <summary>A cell has nothing to do for anybody who waits: it stops, if others wait for their turn.</summary>
    public void Yield(NodeId node)
    {
        if (_frozen.Count > 0 && !IsFrozen(node) && _cells.ContainsKey(node.Value))
        {
            Freeze(node.Value);
            GiveBack(except: node.Value);
        }
    }

    /// <summary>Lets those go on that can, the lobby first: it is the eldest.</summary>
    public void GiveBack(int except = -1)
    {
        foreach (int node in _frozen.ToArray())
        {
            if (node != except && flow.Apply(_ => new ThawCell(new NodeId(node))) is null)
            {
                Release(node);
            }
        }
    }

    private bool TryMakeRoom(FlowDenial denial)
    {
        int[] others =
        [
            .. WaysOn.Of(denial.State, denial.Operation, denial.Refusal).OfType<WayOn.FreezeOthers>()
                .SelectMany(way => way.Cells).OfType<FreezeCell>().Select(cell => cell.Cell.Value),
        ];

        // A gate's own cell is at work for a moment, and not stopped in it.
        if (others.Length == 0 || Array.Exists(others, node => !_cells.ContainsKey(node)))
        {
            return false;
        }

        foreach (int node in others)
        {
            Freeze(node);
        }

        return true;
    }

    private void Freeze(int node)
    {
        if (!_cells[node].TryFreeze(out string problem))
        {
            GiveBack();
            throw new SessionException(
                $"{flow.State[new NodeId(node)].Name} cannot be stopped, and both sides of an exclusive conflict set must not run: {problem}");
        }

        if (flow.Apply(_ => new FreezeCell(new NodeId(node))) is not null)
        {
            throw new InvalidOperationException("a cell that runs is unknown to the flow model");
        }

        _frozen.Add(node);
    }

    private void Release(int node)
    {
        if (_frozen.Remove(node))
        {
            _cells[node].Thaw();
        }
    }
}
