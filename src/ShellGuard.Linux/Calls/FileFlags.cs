using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Linux.Calls;

/// <summary>Status flags of an open file description, fcntl(2) F_GETFL and F_SETFL.</summary>
public static class FileFlags
{
    private const int F_GETFL = 3;
    private const int F_SETFL = 4;
    private const int O_NONBLOCK = 0x800;

    /// <summary>Whether the open file description is non-blocking.</summary>
    public static LinuxResult IsNonBlocking(Descriptor descriptor, out bool nonBlocking)
    {
        using DescriptorLease lease = new(descriptor);
        LinuxResult result = Kernel.Call(SystemCall.fcntl, lease.Number, F_GETFL);
        nonBlocking = result.Succeeded && (result.Value & O_NONBLOCK) != 0;
        return result;
    }

    /// <summary>Changes it for everyone who shares the open file description.</summary>
    public static LinuxResult SetNonBlocking(Descriptor descriptor, bool nonBlocking)
    {
        using DescriptorLease lease = new(descriptor);
        LinuxResult flags = Kernel.Call(SystemCall.fcntl, lease.Number, F_GETFL);
        return flags.Failed
            ? flags
            : Kernel.Call(
                SystemCall.fcntl,
                lease.Number,
                F_SETFL,
                (nint)(nonBlocking ? flags.Value | O_NONBLOCK : flags.Value & ~O_NONBLOCK));
    }
}
