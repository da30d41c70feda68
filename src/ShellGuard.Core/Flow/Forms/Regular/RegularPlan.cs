namespace ShellGuard.Core.Flow.Forms.Regular;

/// <summary>A regular expression as a graph in which several states hold at once (Thompson's construction).</summary>
internal sealed class RegularPlan
{
    /// <summary>A repetition copies what it repeats; more than this is refused.</summary>
    private const int MostStates = 20_000;

    private readonly List<List<int>> _free = [];
    private readonly List<(UInt128 Set, int To)?> _steps = [];

    private RegularPlan()
    {
    }

    public int Start { get; private set; }

    public int End { get; private set; }

    /// <summary>Null where it gets too large.</summary>
    public static RegularPlan? Of(RegularNode node)
    {
        RegularPlan plan = new();
        (plan.Start, plan.End) = plan.Add(node);
        return plan._steps.Count > MostStates ? null : plan;
    }

    /// <summary>The sets of characters that steps take, each once.</summary>
    public HashSet<UInt128> Sets
    {
        get
        {
            HashSet<UInt128> sets = [];
            foreach ((UInt128 Set, int To)? step in _steps)
            {
                if (step is not null)
                {
                    sets.Add(step.Value.Set);
                }
            }

            return sets;
        }
    }

    /// <summary>These states with all that is reached without a character, in ascending order.</summary>
    public int[] Closure(IEnumerable<int> states)
    {
        SortedSet<int> found = [.. states];
        Stack<int> pending = new(found);
        while (pending.TryPop(out int state))
        {
            foreach (int next in _free[state])
            {
                if (found.Add(next))
                {
                    pending.Push(next);
                }
            }
        }

        return [.. found];
    }

    /// <summary>Where one character leads.</summary>
    public IEnumerable<int> Step(int[] states, int character)
    {
        foreach (int state in states)
        {
            if (_steps[state] is var (set, to) && (set >> character & UInt128.One) != UInt128.Zero)
            {
                yield return to;
            }
        }
    }

    private (int Start, int End) Add(RegularNode node)
    {
        if (_steps.Count > MostStates)
        {
            return (0, 0);
        }

        switch (node)
        {
            case RegularNode.One one:
                (int from, int to) = (New(), New());
                _steps[from] = (one.Set, to);
                return (from, to);
            case RegularNode.Sequence sequence:
                int first = New();
                int last = first;
                foreach (RegularNode part in sequence.Parts)
                {
                    last = After(last, part);
                }

                return (first, last);
            case RegularNode.Choice choice:
                (int fork, int join) = (New(), New());
                foreach (RegularNode part in choice.Parts)
                {
                    (int start, int end) = Add(part);
                    _free[fork].Add(start);
                    _free[end].Add(join);
                }

                return (fork, join);
            case RegularNode.Repeat repeat:
                return Add(repeat);
            default:
                throw new InvalidOperationException($"no plan for {node}");
        }
    }

    private (int Start, int End) Add(RegularNode.Repeat repeat)
    {
        int start = New();
        int at = start;
        for (int i = 0; i < repeat.Least && _steps.Count <= MostStates; i++)
        {
            at = After(at, repeat.What);
        }

        if (repeat.Most is not { } most)
        {
            (int loop, int back) = Add(repeat.What);
            int end = New();
            _free[at].AddRange([loop, end]);
            _free[back].AddRange([loop, end]);
            return (start, end);
        }

        int done = New();
        for (int i = repeat.Least; i < most && _steps.Count <= MostStates; i++)
        {
            _free[at].Add(done);
            at = After(at, repeat.What);
        }

        _free[at].Add(done);
        return (start, done);
    }

    private int After(int at, RegularNode part)
    {
        (int start, int end) = Add(part);
        _free[at].Add(start);
        return end;
    }

    private int New()
    {
        _free.Add([]);
        _steps.Add(null);
        return _steps.Count - 1;
    }
}
