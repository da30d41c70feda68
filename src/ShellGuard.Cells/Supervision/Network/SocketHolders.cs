using System.Text;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cells.Supervision.Network;

/// <summary>Where a program holds a socket besides the number that it called connect with: in epoll instances and
/// under other numbers of its table. Read from procfs while the calling thread waits.</summary>
/// <param name="Registrations">Entries for the socket in epoll instances of the program's table.</param>
/// <param name="Copies">Other numbers of the same socket.</param>
internal sealed record SocketHolders(IReadOnlyList<EpollRegistration> Registrations, IReadOnlyList<int> Copies)
{
    /// <summary>More open descriptors than this are not searched: the search would take longer than a connect.</summary>
    internal const int MostDescriptors = 16_384;

    private const int InfoBytes = 1 << 20;

    /// <summary>Searches the caller's table.</summary>
    internal static LinuxResult Find(TrappedSocket trapped, out SocketHolders holders)
    {
        List<EpollRegistration> registrations = [];
        List<int> copies = [];
        holders = new SocketHolders(registrations, copies);
        LinuxResult result = ObjectPath.Describe(trapped.Socket, out ObjectIdentity identity);
        if (result.Failed)
        {
            return result;
        }

        List<int> numbers = [];
        result = ProcFile.ReadDescriptorNumbers(trapped.Thread, MostDescriptors, numbers);
        if (result.Failed)
        {
            return result;
        }

        byte[] link = Encoding.ASCII.GetBytes($"socket:[{identity.Inode}]");
        foreach (int number in numbers)
        {
            byte[]? target = ProcFile.ReadLink($"/proc/{trapped.Thread}/fd/{number}");
            if (target is null || number == trapped.Number)
            {
                continue;
            }

            if (target.AsSpan().SequenceEqual(link))
            {
                copies.Add(number);
            }
            else if (target.AsSpan().SequenceEqual("anon_inode:[eventpoll]"u8))
            {
                result = ReadRegistrations(trapped.Thread, number, identity.Inode, registrations);
                if (result.Failed)
                {
                    return result;
                }
            }
        }

        return result;
    }

    /// <summary>Whether the number is closed by an exec, from fdinfo's flags (octal).</summary>
    internal static LinuxResult IsCloseOnExec(int thread, int number, out bool closeOnExec)
    {
        closeOnExec = true;
        Span<byte> buffer = stackalloc byte[512];
        LinuxResult read = ProcFile.Read($"/proc/{thread}/fdinfo/{number}", buffer);
        if (read.Failed)
        {
            return read;
        }

        ReadOnlySpan<byte> text = buffer[..(int)read.Value];
        int start = text.IndexOf("flags:"u8);
        if (start < 0)
        {
            return new LinuxResult(-1, Errno.EIO, read.Call, read.Subject);
        }

        const ulong closeOnExecFlag = 0x80000;
        ulong flags = 0;
        foreach (byte digit in text[(start + 6)..].TrimStart("\t "u8))
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                break;
            }

            flags = (flags << 3) | (uint)(digit - '0');
        }

        closeOnExec = (flags & closeOnExecFlag) != 0;
        return read;
    }

    private static LinuxResult ReadRegistrations(
        int thread, int epoll, ulong inode, List<EpollRegistration> registrations)
    {
        byte[] small = new byte[16 * 1024];
        string path = $"/proc/{thread}/fdinfo/{epoll}";
        LinuxResult read = ProcFile.Read(path, small);
        if (read is { Succeeded: true } && read.Value == small.Length)
        {
            small = new byte[InfoBytes];
            read = ProcFile.Read(path, small);
        }

        if (read.Failed || read.Value == InfoBytes)
        {
            return read.Failed ? read : new LinuxResult(-1, Errno.E2BIG, read.Call, path);
        }

        ReadOnlySpan<byte> text = small.AsSpan(0, (int)read.Value);
        foreach (Range range in text.Split((byte)'\n'))
        {
            if (EpollRegistration.TryRead(text[range], epoll, out EpollRegistration entry, out ulong registered) &&
                registered == inode)
            {
                registrations.Add(entry);
            }
        }

        return read;
    }
}
