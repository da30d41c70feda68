using System.Runtime.InteropServices;

namespace ShellGuard.Linux.Launch;

/// <summary>Native memory for one launch: all of it is freed together, after the child has left it.</summary>
internal sealed unsafe class NativeArena : IDisposable
{
    private readonly List<nint> _blocks = [];

    /// <summary>Zeroed memory, 16-byte aligned, with 8 spare bytes behind it.</summary>
    public byte* Allocate(int size)
    {
        // SAFETY: the size is never negative; the block is freed in Dispose only.
        byte* block = (byte*)NativeMemory.AllocZeroed((nuint)size + 8);
        _blocks.Add((nint)block);
        return block;
    }

    /// <summary>NUL-terminated, in the bytes that the kernel gave or UTF-8.</summary>
    /// <exception cref="ArgumentException">The text has a NUL inside, which the kernel would cut it at.</exception>
    public byte* Text(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("a NUL character cannot be passed to the kernel", nameof(text));
        }

        byte[] bytes = Calls.KernelText.Encode(text);

        // SAFETY: the block is 8 bytes longer than the text and zeroed, so the text is terminated.
        byte* block = Allocate(bytes.Length);
        bytes.CopyTo(new Span<byte>(block, bytes.Length));
        return block;
    }

    public void Dispose()
    {
        foreach (nint block in _blocks)
        {
            // SAFETY: each block came from AllocZeroed and is freed once, since the list is cleared.
            NativeMemory.Free((void*)block);
        }

        _blocks.Clear();
    }
}
