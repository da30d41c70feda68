using ShellGuard.Cells.Terminals;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cells.Sessions;

/// <summary>What the caller handed over as standard input, output and error.</summary>
internal static class StandardDescriptors
{
    /// <summary>Those that are a terminal: the cell gets one of its own instead.</summary>
    public static IEnumerable<int> Terminals() => Enumerable.Range(0, 3).Where(UserTerminal.IsTerminal);

    /// <summary>Those that are the null device.</summary>
    public static IEnumerable<int> NullDevices()
    {
        const ulong nullDevice = (1UL << 32) | 3;
        return Enumerable.Range(0, 3).Where(number =>
        {
            LinuxResult opened = Files.Open(
                $"/proc/self/fd/{number}", OpenFlags.PATH | OpenFlags.CLOEXEC, out Descriptor file);
            using (file)
            {
                return opened.Succeeded && Files.Status(file, out FileStatus status).Succeeded
                    && status is { Type: FileType.CHR, Represents: nullDevice };
            }
        });
    }

    /// <summary>Outputs that are regular files. The cell may open them again, as /dev/stdout.</summary>
    /// <exception cref="SessionException">One of the three is a directory, from which a program in the cell could
    /// reach the whole host, openat(2), or a datagram socket, which sends to whatever address a send names.</exception>
    public static IEnumerable<int> OutputFiles()
    {
        for (int number = 0; number < 3; number++)
        {
            LinuxResult opened = Files.Open(
                $"/proc/self/fd/{number}", OpenFlags.PATH | OpenFlags.CLOEXEC, out Descriptor file);
            using (file)
            {
                if (opened.Failed || Files.Status(file, out FileStatus status).Failed)
                {
                    continue;
                }

                if (status.IsDirectory)
                {
                    throw new SessionException($"descriptor {number} is a directory; a cell would escape through it");
                }

                if (status.Type is FileType.SOCK && !IsStream(number))
                {
                    throw new SessionException(
                        $"descriptor {number} is a datagram socket; a cell could send anywhere through it");
                }

                if (number > 0 && status.IsRegular)
                {
                    yield return number;
                }
            }
        }
    }

    /// <summary>Names of the regular files that were handed over without the right to read them.</summary>
    public static IReadOnlyDictionary<int, string> UnreadFiles()
    {
        Dictionary<int, string> found = [];
        for (int number = 0; number < 3; number++)
        {
            string link = $"/proc/self/fd/{number}";
            LinuxResult opened = Files.Open(link, OpenFlags.PATH | OpenFlags.CLOEXEC, out Descriptor file);
            using (file)
            {
                if (opened.Succeeded && Files.Status(file, out FileStatus status).Succeeded && status.IsRegular && !IsReadable(number)
                    && new FileInfo(link).LinkTarget is { } path)
                {
                    found[number] = path;
                }
            }
        }

        return found;
    }

    private static bool IsReadable(int number)
    {
        using Descriptor file = new(number);
        LinuxResult asked = DescriptorIo.GetFlags(file, out OpenFlags flags);

        // It stays the process's.
        file.SetHandleAsInvalid();
        return asked.Succeeded && !flags.HasFlag(OpenFlags.WRONLY) && !flags.HasFlag(OpenFlags.PATH);
    }

    private static bool IsStream(int number)
    {
        using Descriptor socket = new(number);
        LinuxResult asked = Sockets.GetOption(
            socket, SocketConstants.SOL_SOCKET, SocketConstants.SO_TYPE, out int type);

        // It stays the process's.
        socket.SetHandleAsInvalid();
        const int stream = SocketConstants.SOCK_STREAM, sequencedPackets = 5;
        return asked.Succeeded && type is stream or sequencedPackets;
    }
}
