using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Linux.Bpf;

/// <summary>Reads what programs in the kernel put into a ring, Documentation/bpf/ringbuf.rst. For one thread.</summary>
public sealed unsafe class RingBuffer : IDisposable
{
    private const int PROT_READ = 1, PROT_WRITE = 2, MAP_SHARED = 1;

    private readonly byte* _consumer;
    private readonly byte* _producer;
    private readonly int _page = Environment.SystemPageSize;
    private readonly int _size;

    /// <param name="ring">A map of type RINGBUF; stays the caller's, and must live as long.</param>
    /// <param name="size">What it was made with, in bytes.</param>
    /// <exception cref="LinuxException">It cannot be mapped.</exception>
    public RingBuffer(BpfMap ring, int size)
    {
        ArgumentNullException.ThrowIfNull(ring);
        _size = size;

        // SAFETY: the mappings that the kernel offers for a ring: a page that we write, then one that it writes and the data
        // twice in a row, so that a record is never torn. Unmapped in Dispose only.
        _consumer = Map(ring, _page, PROT_READ | PROT_WRITE, 0);
        try
        {
            _producer = Map(ring, _page + (2L * size), PROT_READ, _page);
        }
        catch (LinuxException)
        {
            Unmap(_consumer, _page);
            throw;
        }
    }

    /// <summary>Hands over every record that is complete.</summary>
    /// <param name="read">Gets each record; its bytes are gone when it returns.</param>
    /// <returns>How many there were.</returns>
    public int Read(Action<ReadOnlySpan<byte>> read)
    {
        ArgumentNullException.ThrowIfNull(read);

        // SAFETY: both counters are aligned words at the beginning of their pages. A record's header and bytes are final
        // once the busy bit is gone, which is read before them; they lie within the doubled mapping because a record is
        // at most as long as the ring.
        byte* data = _producer + _page;
        ulong position = Volatile.Read(ref *(ulong*)_consumer);
        int count = 0;
        while (position < Volatile.Read(ref *(ulong*)_producer))
        {
            byte* record = data + (position & ((ulong)_size - 1));
            uint header = Volatile.Read(ref *(uint*)record);
            if ((header & BPF_RB.RINGBUF_BUSY_BIT) != 0)
            {
                break;
            }

            int length = (int)(header & ~BPF_RB.RINGBUF_DISCARD_BIT);
            if ((header & BPF_RB.RINGBUF_DISCARD_BIT) == 0)
            {
                read(new ReadOnlySpan<byte>(record + BPF_RB.RINGBUF_HDR_SZ, length));
                count++;
            }

            position += (ulong)(length + BPF_RB.RINGBUF_HDR_SZ + 7) & ~7UL;
            Volatile.Write(ref *(ulong*)_consumer, position);
        }

        return count;
    }

    public void Dispose()
    {
        Unmap(_consumer, _page);
        Unmap(_producer, _page + (2L * _size));
    }

    private static byte* Map(BpfMap ring, long length, int protection, long offset)
    {
        // SAFETY: a new mapping that nothing else knows.
        nint address = NativeMethods.mmap(0, (nuint)length, protection, MAP_SHARED, ring.Number, (nint)offset);
        return address == -1
            ? throw new LinuxException(new LinuxResult(-1, Errno.ENOMEM, SystemCall.mmap, "a ring buffer"))
            : (byte*)address;
    }

    private static void Unmap(byte* address, long length) => Kernel.Call(SystemCall.munmap, (nint)address, (nint)length);
}
