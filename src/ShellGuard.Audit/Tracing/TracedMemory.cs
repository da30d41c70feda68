using System.Buffers.Binary;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Audit.Tracing;

/// <summary>Reads the arguments of a thread that is stopped at a call. Its other threads go on and may change them: what
/// the kernel then used can differ, for as long as a program makes an effort.</summary>
internal sealed class TracedMemory
{
    private const int PageSize = 4096;
    private const int FirstPiece = 256;

    /// <summary>Bytes kept of one string: the longest argument that execve(2) takes.</summary>
    public const int MaxText = 128 * 1024;

    private byte[] _buffer = new byte[PageSize];

    /// <summary>Reads up to the terminating NUL. The result is overwritten by the next.</summary>
    /// <param name="isCut">Whether there is more of it.</param>
    /// <returns>False where it cannot be read.</returns>
    public bool TryText(int thread, ulong address, out ReadOnlySpan<byte> text, out bool isCut)
    {
        text = default;
        isCut = false;
        int filled = 0;
        int piece = FirstPiece;
        while (filled < MaxText)
        {
            // Never across a page boundary: the string may end on the last page that is mapped.
            ulong at = address + (ulong)filled;
            int length = (int)Math.Min((ulong)piece, PageSize - (at % PageSize));
            if (_buffer.Length < filled + length)
            {
                Array.Resize(ref _buffer, Math.Max(filled + length, _buffer.Length * 2));
            }

            if (RemoteMemory.Read(thread, at, _buffer.AsSpan(filled, length)).Failed)
            {
                return false;
            }

            int end = _buffer.AsSpan(filled, length).IndexOf((byte)0);
            if (end >= 0)
            {
                text = _buffer.AsSpan(0, filled + end);
                return true;
            }

            filled += length;
            piece = PageSize;
        }

        text = _buffer.AsSpan(0, MaxText);
        isCut = true;
        return true;
    }

    /// <summary>Reads a pointer or a <c>long</c> of the program.</summary>
    /// <param name="size">4 or 8 bytes.</param>
    public static bool TryWord(int thread, ulong address, int size, out ulong word)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        bool read = RemoteMemory.Read(thread, address, bytes[..size]).Succeeded;
        word = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return read;
    }
}
