using System.Buffers.Binary;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Linux.Calls;

/// <summary>Locks on ranges of a file that belong to its open file description, fcntl_locking(2).</summary>
public static unsafe class RangeLocks
{
    /// <summary>The size of a struct flock.</summary>
    public const int DescriptionSize = 32;

    private const int ProcessOffset = 24;

    /// <summary>Takes or gives back a lock, without waiting.</summary>
    /// <param name="description">A struct flock, as a program filled it in.</param>
    /// <returns>EAGAIN where somebody else has one.</returns>
    public static LinuxResult Set(Descriptor file, Span<byte> description) => Control(file, F.OFD_SETLK, description);

    /// <summary>Says in the structure who stands in the way of a lock.</summary>
    /// <param name="description">As for <see cref="Set"/>.</param>
    public static LinuxResult Ask(Descriptor file, Span<byte> description) => Control(file, F.OFD_GETLK, description);

    private static LinuxResult Control(Descriptor file, F command, Span<byte> description)
    {
        if (description.Length < DescriptionSize)
        {
            throw new ArgumentException("no room for the structure", nameof(description));
        }

        BinaryPrimitives.WriteInt32LittleEndian(description[ProcessOffset..], 0);
        using DescriptorLease lease = new(file);

        // SAFETY: the kernel reads and writes one struct flock, for which there is room.
        fixed (byte* bytes = description)
        {
            return Kernel.Call(SystemCall.fcntl, lease.Number, (nint)command, (nint)bytes);
        }
    }
}
