using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Audit.Tracing;

/// <summary>Finds the container that a service starts for a client, and attaches to the runtime's process in it before
/// that executes the container's program. All on the tracer's thread.</summary>
/// <param name="loop">Traces what is found.</param>
/// <param name="identifierFile">Where the client writes the container's identifier, before it asks for the start.</param>
/// <param name="isClientOver">Whether the client ended.</param>
internal sealed class ContainerFollower(TraceLoop loop, string identifierFile, Func<bool> isClientOver)
{
    /// <summary>Milliseconds between two looks. A runtime takes tens of them from its first process in the container's
    /// cgroup to the container's program. Who looks too late does not see that program begin, and the audit says so.
    /// </summary>
    private const int Pause = 1;

    private const int MostProcesses = 1 << 20;

    /// <summary>Characters of a container's identifier.</summary>
    private const int IdentifierLength = 64;

    private readonly List<int> _processes = [];
    private readonly List<int> _threads = [];
    private readonly byte[] _text = new byte[64 * 1024];

    /// <summary>Waits for the container and attaches to it.</summary>
    /// <returns>False where the client ended and there is none.</returns>
    public bool Attach()
    {
        byte[]? identifier = null;
        while (true)
        {
            // Asked first, so that one look comes after the client's end.
            bool isOver = isClientOver();
            identifier ??= ReadIdentifier();
            if (identifier is not null && AttachToAll(identifier))
            {
                return true;
            }

            if (isOver)
            {
                return false;
            }

            Thread.Sleep(Pause);
        }
    }

    private byte[]? ReadIdentifier()
    {
        ReadOnlySpan<byte> text = ReadText(identifierFile).Trim((byte)'\n');
        return text.Length == IdentifierLength ? text.ToArray() : null;
    }

    /// <summary>Attaches until a look finds nothing new: what a thread makes that is traced already is traced, too.
    /// </summary>
    private bool AttachToAll(ReadOnlySpan<byte> identifier)
    {
        bool any = false, more;
        do
        {
            more = false;
            _processes.Clear();
            ProcFile.ReadNumbers("/proc", MostProcesses, _processes);
            foreach (int process in _processes)
            {
                if (ReadText($"/proc/{process}/cgroup").IndexOf(identifier) >= 0)
                {
                    more |= AttachTo(process);
                }
            }

            any |= more;
        }
        while (more);
        return any;
    }

    private bool AttachTo(int process)
    {
        bool isNew = false;
        _threads.Clear();
        ProcFile.ReadNumbers($"/proc/{process}/task", MostProcesses, _threads);
        foreach (int thread in _threads)
        {
            if (loop.Attach(process, thread).Succeeded && !isNew)
            {
                isNew = true;
                loop.Begin(process, ProcessStatus.Read(process)?.User, ProcFile.ReadLink($"/proc/{process}/cwd") ?? "/"u8, null, HasOtherRoot(process));
            }
        }

        return isNew;
    }

    private static bool HasOtherRoot(int process) =>
        TryStatus($"/proc/{process}/root", out FileStatus its) && TryStatus("/proc/self/root", out FileStatus ours) && !its.IsSameInode(ours);

    private static bool TryStatus(string path, out FileStatus status)
    {
        status = default;
        if (Files.Open(path, OpenFlags.PATH | OpenFlags.CLOEXEC, out Descriptor file).Failed)
        {
            return false;
        }

        using (file)
        {
            return Files.Status(file, out status).Succeeded;
        }
    }

    private ReadOnlySpan<byte> ReadText(string path)
    {
        LinuxResult read = ProcFile.Read(path, _text);
        return read.Failed ? default : _text.AsSpan(0, (int)read.Value);
    }
}
