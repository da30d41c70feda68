using System.Diagnostics.CodeAnalysis;

namespace ShellGuard.Audit.Import.Strace;

/// <summary>The descriptors of a process, or of several that share them (CLONE_FILES). A fork shares the entries until
/// one side changes something.</summary>
internal sealed class DescriptorTable
{
    /// <summary>Descriptors kept of a process; a hostile log must not make one without end.</summary>
    private const int MaxDescriptors = 65_536;

    private Dictionary<int, (OpenDescriptor Open, bool ClosesOnExec)> _entries = [];
    private bool _isShared;

    public DescriptorTable Fork()
    {
        _isShared = true;
        return new DescriptorTable { _entries = _entries, _isShared = true };
    }

    public bool TryGet(long number, [NotNullWhen(true)] out OpenDescriptor? open)
    {
        open = null;
        if (number is < 0 or > int.MaxValue || !_entries.TryGetValue((int)number, out var entry))
        {
            return false;
        }

        open = entry.Open;
        return true;
    }

    public void Set(long number, OpenDescriptor open, bool closesOnExec)
    {
        if (number is >= 0 and <= int.MaxValue && _entries.Count < MaxDescriptors)
        {
            Own();
            _entries[(int)number] = (open, closesOnExec);
        }
    }

    /// <summary>More became known of what is open.</summary>
    public void Replace(long number, OpenDescriptor open)
    {
        bool closesOnExec = TryGet(number, out _) && _entries[(int)number].ClosesOnExec;
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
            _entries.Remove((int)number);
        }
    }

    public void CloseRange(long first, long last)
    {
        Own();
        foreach (int number in _entries.Keys.Where(number => number >= first && number <= last).ToList())
        {
            _entries.Remove(number);
        }
    }

    public void SetRangeClosesOnExec(long first, long last)
    {
        foreach (int number in _entries.Keys.Where(number => number >= first && number <= last).ToList())
        {
            SetClosesOnExec(number, true);
        }
    }

    /// <summary>What an execve leaves, in a table that no other process shares.</summary>
    public DescriptorTable AfterExec()
    {
        DescriptorTable left = new();
        foreach ((int number, (OpenDescriptor open, bool closesOnExec)) in _entries)
        {
            if (!closesOnExec)
            {
                left._entries.Add(number, (open, false));
            }
        }

        return left;
    }

    private void Own()
    {
        if (_isShared)
        {
            _entries = new Dictionary<int, (OpenDescriptor, bool)>(_entries);
            _isShared = false;
        }
    }
}
