using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Linux.Terminals;

/// <summary>Bytes in and out of descriptors. EINTR is tried again here; nothing is allocated on success.</summary>
public static class DescriptorIo
{
    /// <summary>read(2). 0 is the end.</summary>
    public static unsafe LinuxResult Read(Descriptor descriptor, Span<byte> buffer)
    {
        LinuxResult result;

        // SAFETY: the kernel writes at most buffer.Length bytes before the call returns; the span is pinned until then.
        fixed (byte* bytes = buffer)
        {
            do
            {
                result = Kernel.Call(SystemCall.read, descriptor.Number, (nint)bytes, buffer.Length);
            }
            while (result.Error == Errno.EINTR);
        }

        GC.KeepAlive(descriptor);
        return result;
    }

    /// <summary>write(2). May write less than asked for.</summary>
    public static unsafe LinuxResult Write(Descriptor descriptor, ReadOnlySpan<byte> buffer)
    {
        LinuxResult result;

        // SAFETY: the kernel reads at most buffer.Length bytes before the call returns; the span is pinned until then.
        fixed (byte* bytes = buffer)
        {
            do
            {
                result = Kernel.Call(SystemCall.write, descriptor.Number, (nint)bytes, buffer.Length);
            }
            while (result.Error == Errno.EINTR);
        }

        GC.KeepAlive(descriptor);
        return result;
    }

    /// <summary>Moves bytes from one descriptor to another of which at least one is a pipe, without copying them through
    /// this process, splice(2). EINVAL where one of the two cannot do that.</summary>
    /// <returns>How many were moved; 0 is the end.</returns>
    public static LinuxResult Splice(Descriptor from, Descriptor to, int most)
    {
        const int SPLICE_F_MOVE = 1;
        LinuxResult result;
        do
        {
            result = Kernel.Call(SystemCall.splice, from.Number, 0, to.Number, 0, most, SPLICE_F_MOVE);
        }
        while (result.Error == Errno.EINTR);
        GC.KeepAlive(from);
        GC.KeepAlive(to);
        return result;
    }

    /// <summary>Access mode and status flags of the open file description, fcntl(2) F_GETFL.</summary>
    public static LinuxResult GetFlags(Descriptor descriptor, out OpenFlags flags)
    {
        LinuxResult result = Kernel.Call(SystemCall.fcntl, descriptor.Number, FileFlag.F_GETFL);
        GC.KeepAlive(descriptor);
        flags = (OpenFlags)(int)result.Value;
        return result;
    }

    /// <summary>Sets O_NONBLOCK on the open file description, fcntl(2). Everyone who shares the description gets it,
    /// so never on the user's own descriptors; see <see cref="OpenAgain"/>.</summary>
    public static LinuxResult SetNonBlocking(Descriptor descriptor)
    {
        LinuxResult flags = Kernel.Call(SystemCall.fcntl, descriptor.Number, FileFlag.F_GETFL);
        if (flags.Succeeded)
        {
            flags = Kernel.Call(
                SystemCall.fcntl,
                descriptor.Number,
                FileFlag.F_SETFL,
                (nint)flags.Value | FileFlag.O_NONBLOCK);
        }

        GC.KeepAlive(descriptor);
        return flags;
    }

    /// <summary>A second descriptor of the same open file description, closed on exec, fcntl(2).</summary>
    public static LinuxResult Duplicate(int number, out Descriptor duplicate)
    {
        LinuxResult result = Kernel.Call(SystemCall.fcntl, number, FileFlag.F_DUPFD_CLOEXEC, 3);
        duplicate = new Descriptor(result.Succeeded ? (int)result.Value : -1);
        return result;
    }

    /// <summary>Makes a number of this process mean what a descriptor has open, dup2(2); what the number meant before
    /// is closed. For the three standard ones, which are inherited.</summary>
    public static LinuxResult Place(Descriptor descriptor, int number)
    {
        using DescriptorLease lease = new(descriptor);
        return Kernel.Call(SystemCall.dup2, lease.Number, number);
    }

    /// <summary>Lets a number of this process be inherited by what it executes, fcntl(2).</summary>
    public static LinuxResult KeepOnExecute(int number)
    {
        const int setFlags = 2;
        return Kernel.Call(SystemCall.fcntl, number, setFlags, 0);
    }

    /// <summary>Opens the file behind a descriptor once more, for reading and writing, with an open file description
    /// of its own that does not block. EACCES after su(1), where the terminal belongs to somebody else.</summary>
    public static LinuxResult OpenAgain(Descriptor descriptor, out Descriptor opened)
    {
        LinuxResult result = Open(
            $"/proc/self/fd/{descriptor.Number}",
            FileFlag.O_RDWR | FileFlag.O_NOCTTY | FileFlag.O_NONBLOCK | FileFlag.O_CLOEXEC,
            out opened);
        GC.KeepAlive(descriptor);
        return result;
    }

    internal static unsafe LinuxResult Open(string path, int flags, out Descriptor opened)
    {
        byte[] name = System.Text.Encoding.UTF8.GetBytes(path + '\0');
        LinuxResult result;

        // SAFETY: the name ends in NUL and is pinned until the call returns.
        fixed (byte* bytes = name)
        {
            do
            {
                result = Kernel.Call(SystemCall.openat, FileFlag.AT_FDCWD, (nint)bytes, flags, subject: path);
            }
            while (result.Error == Errno.EINTR);
        }

        opened = new Descriptor(result.Succeeded ? (int)result.Value : -1);
        return result;
    }

    /// <summary>A new epoll instance, epoll_create1(2).</summary>
    public static LinuxResult Epoll(out Descriptor instance)
    {
        LinuxResult result = Kernel.Call(SystemCall.epoll_create1, FileFlag.O_CLOEXEC);
        instance = new Descriptor(result.Succeeded ? (int)result.Value : -1);
        return result;
    }

    /// <summary>A pipe, both ends closed on exec, pipe(2).</summary>
    public static unsafe LinuxResult Pipe(out Descriptor read, out Descriptor write)
    {
        int* ends = stackalloc int[2];

        // SAFETY: the kernel writes two ints, which is what the array holds.
        LinuxResult result = Kernel.Call(SystemCall.pipe2, (nint)ends, FileFlag.O_CLOEXEC);
        read = new Descriptor(result.Succeeded ? ends[0] : -1);
        write = new Descriptor(result.Succeeded ? ends[1] : -1);
        return result;
    }
}
