namespace ShellGuard.Audit.Import.Strace;

/// <summary>How many descriptors are kept of all processes together. Past it those of some are not known.</summary>
internal sealed class DescriptorBudget
{
    /// <summary>Some 60 bytes each.</summary>
    private const int Most = 1_000_000;

    private int _used;

    public bool TryTake(int count)
    {
        bool fits = count <= Most - _used;
        _used += fits ? count : 0;
        return fits;
    }

    public void Return(int count) => _used -= count;
}
