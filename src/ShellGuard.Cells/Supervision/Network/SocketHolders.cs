using ShellGuard.Linux;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cells.Supervision.Network;

/// <summary>Where a program holds a socket besides the number that it called connect with: in epoll instances and
/// under other numbers of its table. Looked at while the calling thread waits.</summary>
/// <param name="Registrations">Entries for the socket in epoll instances of the program's table.</param>
/// <param name="Copies">Other numbers of the same socket.</param>
internal sealed record SocketHolders(IReadOnlyList<EpollRegistration> Registrations, IReadOnlyList<int> Copies)
{
    /// <summary>More open descriptors than this are not searched: the search would take longer than a connect.</summary>
    internal const int MostDescriptors = 16_384;

    private const int InfoBytes = 1 << 20;

    /// <summary>In a table with room for more than this, other numbers of the socket are looked for near its own and
    /// among the lowest only: who duplicates a new socket gets the next free number, or asks for a standard one.</summary>
    private const int SmallTable = 256;

    private const int Near = 24;

    /// <summary>Searches the caller's table. What is asked of each number is one kcmp(2), not a file of procfs.</summary>
    internal static LinuxResult Find(
        TrappedSocket trapped, ProcessStatus status, EpollInstances instances, out SocketHolders holders)
    {
        List<EpollRegistration> registrations = [];
        List<int> copies = [];
        holders = new SocketHolders(registrations, copies);
        LinuxResult result = instances.Find(trapped.Thread, status, out EpollTable? table);
        if (result.Failed)
        {
            return result;
        }

        // With several threads other numbers keep the old socket, see SocketSwap.
        if (status.Threads == 1)
        {
            result = FindCopies(trapped, status.TableSize, copies);
        }

        return result.Failed ? result : FindRegistrations(trapped, table!, copies, registrations);
    }

    private static LinuxResult FindCopies(TrappedSocket trapped, int tableSize, List<int> copies)
    {
        List<int> numbers = [];
        LinuxResult result = default;
        if (tableSize <= SmallTable)
        {
            result = ProcFile.ReadDescriptorNumbers(trapped.Thread, tableSize, numbers);
        }
        else
        {
            numbers.AddRange(Enumerable.Range(0, Near));
            int first = Math.Max(Near, trapped.Number - Near);
            numbers.AddRange(Enumerable.Range(first, Math.Max(0, trapped.Number + Near - first)));
        }

        copies.AddRange(numbers.Where(number =>
            number != trapped.Number && ThreadSelf.IsSameFile(trapped.Socket, trapped.Thread, number)));
        return result;
    }

    private static LinuxResult FindRegistrations(
        TrappedSocket trapped, EpollTable table, List<int> copies, List<EpollRegistration> registrations)
    {
        for (int attempt = 0; attempt < 2; attempt++)
        {
            registrations.Clear();
            LinuxResult result = table.Read(again: attempt > 0, out int[] numbers);
            bool changed = false;
            foreach (int epoll in result.Succeeded ? numbers : [])
            {
                bool holds = false;
                foreach (int number in (IEnumerable<int>)[trapped.Number, .. copies])
                {
                    LinuxResult compared = ThreadSelf.IsRegistered(trapped.Socket, trapped.Thread, epoll, number);
                    holds |= compared is { Succeeded: true, Value: 1 };
                    if (compared.Failed && compared.Error is not (Errno.EBADF or Errno.EINVAL))
                    {
                        return compared;
                    }

                    // It was closed, or is another file now; then another instance may be where none was.
                    changed |= compared.Failed;
                }

                result = holds ? ReadRegistrations(trapped, epoll, registrations) : default;
                if (result.Failed)
                {
                    break;
                }
            }

            if (result.Failed || !changed)
            {
                return result;
            }
        }

        // Instances that come and go as we look are other threads' and do not hold this socket.
        return default;
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
        TrappedSocket trapped, int epoll, List<EpollRegistration> registrations)
    {
        LinuxResult described = ObjectPath.Describe(trapped.Socket, out ObjectIdentity identity);
        if (described.Failed)
        {
            return described;
        }

        byte[] small = new byte[16 * 1024];
        string path = $"/proc/{trapped.Thread}/fdinfo/{epoll}";
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
                registered == identity.Inode)
            {
                registrations.Add(entry);
            }
        }

        return read;
    }
}
