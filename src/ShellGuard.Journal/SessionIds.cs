using System.Buffers.Binary;
using System.Security.Cryptography;
using ShellGuard.Core.Events;

namespace ShellGuard.Journal;

/// <summary>Names for new sessions.</summary>
public static class SessionIds
{
    /// <summary>A name that no other session has: the second of the start and 45 random bits.</summary>
    public static SessionId New(TimeProvider time)
    {
        Span<byte> random = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(random);
        return SessionId.From(time.GetUtcNow(), BinaryPrimitives.ReadUInt64LittleEndian(random));
    }
}
