using System.Runtime.InteropServices;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Handles;
using static ShellGuard.Linux.Abi.SocketConstants;

namespace ShellGuard.Linux.Calls;

/// <summary>The socket calls of the kernel, typed. Addresses are the kernel's own bytes (struct sockaddr); what a
/// C library would allocate or retry is done here or stated.</summary>
public static unsafe partial class Sockets
{
    /// <summary>socket(2), close-on-exec.</summary>
    /// <param name="type">SOCK_…, with SOCK_NONBLOCK where wanted.</param>
    public static LinuxResult Create(int domain, int type, int protocol, out Descriptor socket)
    {
        LinuxResult result = Kernel.Call(SystemCall.socket, domain, type | SOCK_CLOEXEC, protocol);
        socket = result.Failed ? new Descriptor() : new Descriptor((int)result.Value);
        return result;
    }

    /// <summary>socketpair(2), both ends close-on-exec.</summary>
    public static LinuxResult CreatePair(int type, out Descriptor first, out Descriptor second)
    {
        int* pair = stackalloc int[2];
        // SAFETY: the kernel writes exactly two numbers.
        LinuxResult result = Kernel.Call(SystemCall.socketpair, AF_UNIX, type | SOCK_CLOEXEC, 0, (nint)pair);
        first = result.Failed ? new Descriptor() : new Descriptor(pair[0]);
        second = result.Failed ? new Descriptor() : new Descriptor(pair[1]);
        return result;
    }

    /// <summary>connect(2). On a blocking socket it waits; EINTR is returned: the connection then goes on in the
    /// background and a second call would say EALREADY.</summary>
    public static LinuxResult Connect(Descriptor socket, ReadOnlySpan<byte> address)
    {
        using DescriptorLease lease = new(socket);
        // SAFETY: the kernel reads address.Length bytes; pinned across the call.
        fixed (byte* bytes = address)
        {
            return Kernel.Call(SystemCall.connect, lease.Number, (nint)bytes, address.Length);
        }
    }

    /// <summary>bind(2).</summary>
    public static LinuxResult Bind(Descriptor socket, ReadOnlySpan<byte> address)
    {
        using DescriptorLease lease = new(socket);
        // SAFETY: as in Connect.
        fixed (byte* bytes = address)
        {
            return Kernel.Call(SystemCall.bind, lease.Number, (nint)bytes, address.Length);
        }
    }

    /// <summary>listen(2).</summary>
    public static LinuxResult Listen(Descriptor socket, int backlog)
    {
        using DescriptorLease lease = new(socket);
        return Kernel.Call(SystemCall.listen, lease.Number, backlog);
    }

    /// <summary>accept4(2), close-on-exec, waits unless the socket is non-blocking; a signal does not end it.</summary>
    public static LinuxResult Accept(Descriptor socket, out Descriptor connection)
    {
        using DescriptorLease lease = new(socket);
        LinuxResult result;
        do
        {
            result = Kernel.Call(SystemCall.accept4, lease.Number, 0, 0, SOCK_CLOEXEC);
        }
        while (result.Error == Errno.EINTR);
        connection = result.Failed ? new Descriptor() : new Descriptor((int)result.Value);
        return result;
    }

    /// <summary>shutdown(2).</summary>
    /// <param name="how">0 reading, 1 writing, 2 both.</param>
    public static LinuxResult Shutdown(Descriptor socket, int how)
    {
        using DescriptorLease lease = new(socket);
        return Kernel.Call(SystemCall.shutdown, lease.Number, how);
    }

    /// <summary>getsockname(2).</summary>
    /// <returns>The length of the address, at most the buffer's.</returns>
    public static LinuxResult LocalAddress(Descriptor socket, Span<byte> address) =>
        Name(SystemCall.getsockname, socket, address);

    /// <summary>getpeername(2).</summary>
    /// <returns>The length of the address, at most the buffer's.</returns>
    public static LinuxResult PeerAddress(Descriptor socket, Span<byte> address) =>
        Name(SystemCall.getpeername, socket, address);

    /// <summary>getsockopt(2).</summary>
    /// <returns>How many bytes of <paramref name="value"/> were filled.</returns>
    public static LinuxResult GetOption(Descriptor socket, int level, int name, Span<byte> value)
    {
        using DescriptorLease lease = new(socket);
        int length = value.Length;
        // SAFETY: the kernel writes at most length bytes and then the length.
        fixed (byte* bytes = value)
        {
            LinuxResult result =
                Kernel.Call(SystemCall.getsockopt, lease.Number, level, name, (nint)bytes, (nint)(&length));
            return result.Failed ? result : result with { Value = length };
        }
    }

    /// <summary>An option that is an int.</summary>
    public static LinuxResult GetOption(Descriptor socket, int level, int name, out int value)
    {
        value = 0;
        return GetOption(socket, level, name, MemoryMarshal.AsBytes(new Span<int>(ref value)));
    }

    /// <summary>An option that is a 64-bit number, for example SO_NETNS_COOKIE.</summary>
    public static LinuxResult GetOption(Descriptor socket, int level, int name, out ulong value)
    {
        value = 0;
        return GetOption(socket, level, name, MemoryMarshal.AsBytes(new Span<ulong>(ref value)));
    }

    /// <summary>setsockopt(2).</summary>
    public static LinuxResult SetOption(Descriptor socket, int level, int name, ReadOnlySpan<byte> value)
    {
        using DescriptorLease lease = new(socket);
        // SAFETY: the kernel reads value.Length bytes.
        fixed (byte* bytes = value)
        {
            return Kernel.Call(SystemCall.setsockopt, lease.Number, level, name, (nint)bytes, value.Length);
        }
    }

    /// <summary>An option that is an int.</summary>
    public static LinuxResult SetOption(Descriptor socket, int level, int name, int value) =>
        SetOption(socket, level, name, MemoryMarshal.AsBytes(new Span<int>(ref value)));

    /// <summary>Waits until one of the descriptors is ready, poll(2); signals do not end the wait, but each starts
    /// the time anew.</summary>
    /// <param name="events">POLLIN or POLLOUT, the same for all.</param>
    /// <param name="milliseconds">-1 waits for ever.</param>
    /// <param name="ready">What is ready of each; as long as <paramref name="sockets"/>.</param>
    /// <returns>How many are ready; 0 when the time ran out.</returns>
    public static LinuxResult Poll(
        ReadOnlySpan<Descriptor> sockets, short events, int milliseconds, Span<short> ready)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sockets.Length, 64, nameof(sockets));
        ArgumentOutOfRangeException.ThrowIfLessThan(ready.Length, sockets.Length, nameof(ready));
        bool[] held = new bool[sockets.Length];
        pollfd* entries = stackalloc pollfd[sockets.Length];
        try
        {
            for (int index = 0; index < sockets.Length; index++)
            {
                sockets[index].DangerousAddRef(ref held[index]);
                // SAFETY: entries has one element for each socket.
                entries[index] = new pollfd { fd = sockets[index].Number, events = (POLL)events };
            }

            LinuxResult result;
            do
            {
                result = Kernel.Call(SystemCall.poll, (nint)entries, sockets.Length, milliseconds);
            }
            while (result.Error == Errno.EINTR);
            for (int index = 0; index < sockets.Length; index++)
            {
                ready[index] = result.Failed ? (short)0 : (short)entries[index].revents;
            }

            return result;
        }
        finally
        {
            for (int index = 0; index < sockets.Length; index++)
            {
                if (held[index])
                {
                    sockets[index].DangerousRelease();
                }
            }
        }
    }

    /// <summary>recvfrom(2) with the sender's address.</summary>
    /// <param name="flags">MSG_….</param>
    /// <param name="addressLength">How many bytes of <paramref name="address"/> were filled.</param>
    /// <returns>How many bytes came; 0 is the end of a stream. A signal does not end the wait.</returns>
    public static LinuxResult Receive(
        Descriptor socket, Span<byte> data, int flags, Span<byte> address, out int addressLength)
    {
        using DescriptorLease lease = new(socket);
        int length = address.Length;
        // SAFETY: the kernel writes at most data.Length and length bytes; both are pinned.
        fixed (byte* bytes = data)
        fixed (byte* from = address)
        {
            LinuxResult result;
            do
            {
                result = Kernel.Call(
                    SystemCall.recvfrom,
                    lease.Number,
                    (nint)bytes,
                    data.Length,
                    flags,
                    (nint)from,
                    from is null ? 0 : (nint)(&length));
            }
            while (result.Error == Errno.EINTR);
            addressLength = result.Failed ? 0 : Math.Min(length, address.Length);
            return result;
        }
    }

    /// <summary>sendto(2). Never raises SIGPIPE; a signal does not end it.</summary>
    /// <param name="address">Empty on a connected socket.</param>
    public static LinuxResult Send(Descriptor socket, ReadOnlySpan<byte> data, int flags, ReadOnlySpan<byte> address)
    {
        using DescriptorLease lease = new(socket);
        // SAFETY: the kernel reads data.Length and address.Length bytes; both are pinned.
        fixed (byte* bytes = data)
        fixed (byte* to = address)
        {
            LinuxResult result;
            do
            {
                result = Kernel.Call(
                    SystemCall.sendto,
                    lease.Number,
                    (nint)bytes,
                    data.Length,
                    flags | MSG_NOSIGNAL,
                    (nint)to,
                    address.Length);
            }
            while (result.Error == Errno.EINTR);
            return result;
        }
    }

    private static LinuxResult Name(SystemCall call, Descriptor socket, Span<byte> address)
    {
        using DescriptorLease lease = new(socket);
        int length = address.Length;
        // SAFETY: the kernel writes at most length bytes and then the whole length.
        fixed (byte* bytes = address)
        {
            LinuxResult result = Kernel.Call(call, lease.Number, (nint)bytes, (nint)(&length));
            return result.Failed ? result : result with { Value = Math.Min(length, address.Length) };
        }
    }
}
