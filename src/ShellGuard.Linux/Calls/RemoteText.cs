using System.Buffers;
using System.Buffers.Binary;
using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Calls;

/// <summary>Reads texts from the memory of a thread that waits for us. Its other threads may change them meanwhile,
/// so nothing may rest on what was read but a record and an explanation.</summary>
public static class RemoteText
{
    private const int PageSize = 4096;

    /// <summary>Reads up to the terminating NUL.</summary>
    /// <param name="thread">The waiting thread.</param>
    /// <param name="address">Where the text begins.</param>
    /// <param name="most">At most so many bytes; a longer text is cut off there.</param>
    /// <param name="text">The text without its NUL.</param>
    /// <returns>EFAULT when it is not readable.</returns>
    public static LinuxResult Read(int thread, ulong address, int most, out byte[] text)
    {
        text = [];
        Span<byte> page = stackalloc byte[PageSize];
        ArrayBufferWriter<byte>? before = null;
        int length = 0;
        while (length < most)
        {
            // Never across a page boundary: the text may end on the last page that is mapped.
            int piece = (int)Math.Min((ulong)(most - length), PageSize - ((address + (ulong)length) % PageSize));
            LinuxResult result = RemoteMemory.Read(thread, address + (ulong)length, page[..piece]);
            if (result.Failed)
            {
                return result;
            }

            int end = page[..piece].IndexOf((byte)0);
            if (end >= 0)
            {
                text = before is null ? page[..end].ToArray() : [.. before.WrittenSpan, .. page[..end]];
                return result;
            }

            // Most texts are short, and there are many of them: what the longest would need is not reserved for each.
            before ??= new ArrayBufferWriter<byte>();
            before.Write(page[..piece]);
            length += piece;
        }

        text = before?.WrittenSpan.ToArray() ?? [];
        return default;
    }

    /// <summary>Reads a null-terminated array of texts, as execve(2) takes it.</summary>
    /// <param name="mostTexts">At most so many texts.</param>
    /// <param name="mostBytes">At most so many bytes of each.</param>
    /// <param name="mostInAll">At most so many bytes together; more is E2BIG.</param>
    public static LinuxResult ReadArray(
        int thread, ulong address, int mostTexts, int mostBytes, out List<byte[]> texts, long mostInAll = long.MaxValue)
    {
        texts = [];
        Span<byte> pointer = stackalloc byte[8];
        if (address == 0)
        {
            return default;
        }

        for (int i = 0; i < mostTexts; i++)
        {
            LinuxResult result = RemoteMemory.Read(thread, address + ((ulong)i * 8), pointer);
            if (result.Failed)
            {
                return result;
            }

            ulong at = BinaryPrimitives.ReadUInt64LittleEndian(pointer);
            if (at == 0)
            {
                break;
            }

            result = Read(thread, at, mostBytes, out byte[] text);
            if (result.Failed)
            {
                return result;
            }

            texts.Add(text);
            mostInAll -= text.Length;
            if (mostInAll < 0)
            {
                return new LinuxResult(-1, Errno.E2BIG, SystemCall.execve);
            }
        }

        return default;
    }
}
