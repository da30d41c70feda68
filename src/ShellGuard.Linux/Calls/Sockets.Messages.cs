using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Handles;
using static ShellGuard.Linux.Abi.SocketConstants;

namespace ShellGuard.Linux.Calls;

public static unsafe partial class Sockets
{
    /// <summary>The most descriptors that one message carries, unix(7).</summary>
    private const int SCM_MAX_FD = 253;

    /// <summary>Sends bytes and descriptors in one message over a unix socket, unix(7).</summary>
    /// <param name="socket">A connected unix socket.</param>
    /// <param name="data">At least one byte: a stream socket drops descriptors that travel with none.</param>
    /// <param name="descriptors">At most 253; the receiver gets duplicates, these stay the caller's.</param>
    /// <returns>How many bytes were sent. Never raises SIGPIPE; a signal does not end it.</returns>
    public static LinuxResult SendDescriptors(
        Descriptor socket, ReadOnlySpan<byte> data, params ReadOnlySpan<Descriptor> descriptors)
    {
        if (data.IsEmpty || descriptors.Length > SCM_MAX_FD)
        {
            return new LinuxResult(-1, Errno.EINVAL, SystemCall.sendmsg);
        }

        // Aligned as struct cmsghdr must be; CMSG_SPACE(n * sizeof(int)) rounded up to eight bytes.
        int payload = descriptors.Length * sizeof(int);
        Span<ulong> control = stackalloc ulong[(sizeof(cmsghdr) + payload + 7) / 8];
        bool[] held = new bool[descriptors.Length];
        try
        {
            using DescriptorLease lease = new(socket);
            // SAFETY: control has room for the header and every number; data and control are pinned across the call.
            fixed (byte* bytes = data)
            fixed (ulong* buffer = control)
            {
                cmsghdr* header = (cmsghdr*)buffer;
                header->cmsg_len = (nuint)(sizeof(cmsghdr) + payload);
                header->cmsg_level = SOL_SOCKET;
                header->cmsg_type = SCM_RIGHTS;
                int* numbers = (int*)(header + 1);
                for (int index = 0; index < descriptors.Length; index++)
                {
                    descriptors[index].DangerousAddRef(ref held[index]);
                    numbers[index] = descriptors[index].Number;
                }

                iovec vector = new() { iov_base = bytes, iov_len = (nuint)data.Length };
                msghdr message = new() { msg_iov = &vector, msg_iovlen = 1 };
                if (payload > 0)
                {
                    message.msg_control = buffer;
                    message.msg_controllen = (nuint)(control.Length * sizeof(ulong));
                }

                LinuxResult result;
                do
                {
                    result = Kernel.Call(SystemCall.sendmsg, lease.Number, (nint)(&message), MSG_NOSIGNAL);
                }
                while (result.Error == Errno.EINTR);
                return result;
            }
        }
        finally
        {
            for (int index = 0; index < descriptors.Length; index++)
            {
                if (held[index])
                {
                    descriptors[index].DangerousRelease();
                }
            }
        }
    }

    /// <summary>Receives one message with the descriptors in it; they are close-on-exec. Waits for it unless the
    /// socket is non-blocking; a signal does not end the wait.</summary>
    /// <param name="socket">A unix socket.</param>
    /// <param name="data">Where the bytes go.</param>
    /// <param name="most">At most this many descriptors, 0 to 253. A message with more, or one that the table of
    /// this process has no room for, is refused whole with EMSGSIZE and every descriptor in it closed.</param>
    /// <param name="descriptors">What came, owned by the caller; empty on failure.</param>
    /// <returns>How many bytes came; 0 is the end of the stream.</returns>
    public static LinuxResult ReceiveDescriptors(
        Descriptor socket, Span<byte> data, int most, out Descriptor[] descriptors)
    {
        descriptors = [];
        if (data.IsEmpty || most is < 0 or > SCM_MAX_FD)
        {
            return new LinuxResult(-1, Errno.EINVAL, SystemCall.recvmsg);
        }

        Span<ulong> control = stackalloc ulong[(sizeof(cmsghdr) + (most * sizeof(int)) + 7) / 8];
        control.Clear();
        using DescriptorLease lease = new(socket);
        // SAFETY: the kernel writes at most iov_len bytes and msg_controllen bytes; both buffers are pinned.
        fixed (byte* bytes = data)
        fixed (ulong* buffer = control)
        {
            iovec vector = new() { iov_base = bytes, iov_len = (nuint)data.Length };
            msghdr message = new()
            {
                msg_iov = &vector,
                msg_iovlen = 1,
                msg_control = buffer,
                msg_controllen = (nuint)(control.Length * sizeof(ulong)),
            };
            LinuxResult result;
            do
            {
                result = Kernel.Call(SystemCall.recvmsg, lease.Number, (nint)(&message), MSG_CMSG_CLOEXEC);
            }
            while (result.Error == Errno.EINTR);
            if (result.Failed)
            {
                return result;
            }

            Descriptor[] found = Take((cmsghdr*)buffer, (long)message.msg_controllen);
            // The rounding to eight bytes can let one descriptor more through than was asked for.
            if ((message.msg_flags & MSG_CTRUNC) != 0 || found.Length > most)
            {
                foreach (Descriptor descriptor in found)
                {
                    descriptor.Dispose();
                }

                return new LinuxResult(-1, Errno.EMSGSIZE, SystemCall.recvmsg);
            }

            descriptors = found;
            return result;
        }
    }

    /// <summary>Owns every descriptor in the control data. There is room for one header only, so one is all there
    /// can be.</summary>
    private static Descriptor[] Take(cmsghdr* header, long length)
    {
        // SAFETY: length is what the kernel wrote into a buffer that is at least one header long.
        if (length < sizeof(cmsghdr) || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
        {
            return [];
        }

        long payload = Math.Min((long)header->cmsg_len, length) - sizeof(cmsghdr);
        Descriptor[] found = new Descriptor[payload / sizeof(int)];
        int* numbers = (int*)(header + 1);
        for (int index = 0; index < found.Length; index++)
        {
            found[index] = new Descriptor(numbers[index]);
        }

        return found;
    }
}
