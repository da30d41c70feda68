using System.Runtime.InteropServices;

namespace ShellGuard.Linux.Launch;

/// <summary>Native memory for one launch: all of it is freed together, after the child has left it. What is written for
/// another process lies in a region that both have mapped, there at another address.</summary>
internal sealed unsafe class NativeArena : IDisposable
{
    private readonly List<nint> _blocks = [];
    private readonly byte* _region;
    private readonly int _size;
    private readonly nint _shift;

    public NativeArena()
    {
    }

    /// <param name="region">Zeroed memory; stays the caller's.</param>
    /// <param name="size">Its size in bytes.</param>
    /// <param name="target">Where the other process has it.</param>
    public NativeArena(byte* region, int size, nint target)
    {
        _region = region;
        _size = size;
        _shift = target - (nint)region;
    }

    /// <summary>How much of the region is used, in bytes.</summary>
    public int Used { get; private set; }

    /// <summary>The address that whoever walks the steps knows a block by.</summary>
    public nint Target(void* address) => (nint)address + _shift;

    /// <summary>Zeroed memory, 16-byte aligned, with 8 spare bytes behind it.</summary>
    public byte* Allocate(int size)
    {
        if (_region is not null)
        {
            // SAFETY: what is handed out lies within the region, whose size was checked, and is handed out once.
            int needed = (size + 8 + 15) & ~15;
            if (needed > _size - Used)
            {
                throw new ArgumentException("the command's arguments and environment are too long", nameof(size));
            }

            byte* part = _region + Used;
            Used += needed;
            return part;
        }

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
