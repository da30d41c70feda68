using System.Buffers.Binary;

namespace ShellGuard.Audit.Tracing;

/// <summary>What the arguments of one call lead to: the program's memory, its descriptors.</summary>
internal abstract class CallView
{
    /// <summary>Bytes kept of one string: the longest argument that execve(2) takes.</summary>
    public const int MaxText = 128 * 1024;

    /// <summary>A string up to its terminating NUL. The result is overwritten by the next.</summary>
    /// <param name="isCut">Whether there is more of it.</param>
    /// <returns>False where it cannot be read.</returns>
    public abstract bool TryText(ulong address, out ReadOnlySpan<byte> text, out bool isCut);

    /// <summary>Fills the whole buffer or fails.</summary>
    public abstract bool TryRead(ulong address, Span<byte> bytes);

    /// <summary>What proc(5) shows for a descriptor, or for the working directory; null where there is none.</summary>
    /// <param name="descriptor">Its number, or AT_FDCWD.</param>
    public abstract byte[]? Link(int descriptor);

    /// <summary>A socket's protocol and its own address or number, for example <c>TCP:[127.0.0.1:80]</c>; null for what is no
    /// socket.</summary>
    public abstract string? Socket(int descriptor);

    /// <summary>Reads a pointer or a <c>long</c> of the program.</summary>
    /// <param name="size">4 or 8 bytes.</param>
    public bool TryWord(ulong address, int size, out ulong word)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        bool read = TryRead(address, bytes[..size]);
        word = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return read;
    }
}
