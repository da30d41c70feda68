using System.Buffers.Binary;
using ShellGuard.Core.Events;

namespace ShellGuard.Journal;

/// <summary>Names for new sessions.</summary>
public static class SessionIds
{
    /// <summary>A name that no other session has: the second of the start and 45 random bits.</summary>
    public static SessionId New(TimeProvider time)
    {
        // The first 60 bits of a version 4 UUID are the kernel's random numbers; RandomNumberGenerator would wait here
        // for the cryptographic library.
        Span<byte> random = stackalloc byte[16];
        Guid.NewGuid().TryWriteBytes(random);
        return SessionId.From(time.GetUtcNow(), BinaryPrimitives.ReadUInt64LittleEndian(random));
    }
}
