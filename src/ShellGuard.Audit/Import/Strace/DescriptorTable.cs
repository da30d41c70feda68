using System.Diagnostics.CodeAnalysis;

namespace ShellGuard.Audit.Import.Strace;

/// <summary>The descriptors of a process, or of several that share them (CLONE_FILES). A fork shares the entries until
/// one side changes something. What is not kept is not known, and who asks for it says so.</summary>
internal sealed class DescriptorTable
{
    /// <summary>Descriptors kept of a process. A hostile log has no end of them, and each fork may copy all.</summary>
    private const int MaxDescriptors = 4096;

    private readonly DescriptorBudget _budget;
    private Entries _entries;
    private int _processes = 1;

    public DescriptorTable(DescriptorBudget budget)
        : this(budget, new Entries())
    {
    }

    private DescriptorTable(DescriptorBudget budget, Entries entries) => (_budget, _entries) = (budget, entries);

    /// <summary>For one more process that shares it.</summary>
    public DescriptorTable Share()
    {
        _processes++;
        return this;
    }

    public DescriptorTable Fork()
    {
        _entries.Tables++;
        return new DescriptorTable(_budget, _entries);
    }

    /// <summary>One of its processes is gone, or has another table.</summary>
    public void Release()
    {
        if (--_processes <= 0)
        {
            Leave();
            _entries = new Entries();
        }
    }

    public bool TryGet(long number, [NotNullWhen(true)] out OpenDescriptor? open)
    {
        open = null;
        if (number is < 0 or > int.MaxValue || !_entries.Map.TryGetValue((int)number, out var entry))
        {
            return false;
        }

        open = entry.Open;
        return true;
    }

    public void Set(long number, OpenDescriptor open, bool closesOnExec)
    {
        if (number is < 0 or > int.MaxValue)
        {
            return;
        }

        Own();
        if (_entries.Map.ContainsKey((int)number) || (_entries.Map.Count < MaxDescriptors && _budget.TryTake(1)))
        {
            _entries.Map[(int)number] = (open, closesOnExec);
        }
    }

    /// <summary>More became known of what is open.</summary>
    public void Replace(long number, OpenDescriptor open)
    {
        bool closesOnExec = TryGet(number, out _) && _entries.Map[(int)number].ClosesOnExec;
        Set(number, open, closesOnExec);
    }

    public void SetClosesOnExec(long number, bool value)
    {
        if (TryGet(number, out OpenDescriptor? open))
        {
            Set(number, open, value);
        }
    }

    public void Close(long number)
    {
        if (TryGet(number, out _))
        {
            Own();
            _budget.Return(_entries.Map.Remove((int)number) ? 1 : 0);
        }
    }

    public void CloseRange(long first, long last)
    {
        foreach (int number in Within(first, last))
        {
            Close(number);
        }
    }

    public void SetRangeClosesOnExec(long first, long last)
    {
        foreach (int number in Within(first, last))
        {
            SetClosesOnExec(number, true);
        }
    }

    /// <summary>What an execve leaves, in a table that no other process shares.</summary>
    public DescriptorTable AfterExec()
    {
        DescriptorTable left = new(_budget);
        foreach ((int number, (OpenDescriptor open, bool closesOnExec)) in _entries.Map)
        {
            if (!closesOnExec)
            {
                left.Set(number, open, closesOnExec: false);
            }
        }

        return left;
    }

    private List<int> Within(long first, long last) => [.. _entries.Map.Keys.Where(number => number >= first && number <= last)];

    private void Own()
    {
        if (_entries.Tables > 1)
        {
            Entries own = new();
            if (_budget.TryTake(_entries.Map.Count))
            {
                own.Map = new Dictionary<int, (OpenDescriptor, bool)>(_entries.Map);
            }

            Leave();
            _entries = own;
        }
    }

    private void Leave()
    {
        if (--_entries.Tables == 0)
        {
            _budget.Return(_entries.Map.Count);
        }
    }

    /// <summary>What tables have in common until one of them changes it.</summary>
    private sealed class Entries
    {
        public Dictionary<int, (OpenDescriptor Open, bool ClosesOnExec)> Map { get; set; } = [];

        public int Tables { get; set; } = 1;
    }
}
