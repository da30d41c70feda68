namespace ShellGuard.Linux.Handles;

/// <summary>Keeps a descriptor open across one system call, whoever disposes it meanwhile: without it the number
/// could be closed and given to another file between reading and using it.</summary>
internal ref struct DescriptorLease
{
    private readonly Descriptor _descriptor;
    private bool _held;

    /// <exception cref="ObjectDisposedException">The descriptor is already closed.</exception>
    internal DescriptorLease(Descriptor descriptor)
    {
        _descriptor = descriptor;
        descriptor.DangerousAddRef(ref _held);
    }

    internal readonly int Number => _descriptor.Number;

    public void Dispose()
    {
        if (_held)
        {
            _held = false;
            _descriptor.DangerousRelease();
        }
    }
}
