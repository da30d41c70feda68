using System.Buffers.Text;
using System.Globalization;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cells.Freezing;

/// <summary>The sockets that a frozen cell has: in every table of descriptors, in every mapping, and whether descriptors
/// lie in unix sockets, where they cannot be seen.</summary>
internal sealed class SocketScan
{
    private const int MostDescriptors = 1 << 20;
    private const int MostMappings = 64 << 20;

    private readonly List<SocketPlace> _places = [];
    private readonly HashSet<ulong> _mapped = [];

    private SocketScan()
    {
    }

    /// <summary>Where sockets are open, one place for each number.</summary>
    public IReadOnlyList<SocketPlace> Places => _places;

    /// <summary>Sockets that are mapped into memory, by inode.</summary>
    public IReadOnlySet<ulong> Mapped => _mapped;

    /// <summary>Why it cannot be known what the cell has; null when it can.</summary>
    public string? Problem { get; private set; }

    /// <summary>Looks at a cell that is frozen.</summary>
    /// <param name="init">Its process 1.</param>
    public static SocketScan Of(int init)
    {
        SocketScan scan = new();
        if (!CellTasks.TryFind(init, out IReadOnlyList<int> processes, out string problem))
        {
            scan.Problem = problem;
        }

        foreach (int process in processes)
        {
            scan.ReadMappings(process);
            foreach (int thread in CellTasks.ThreadsOf(process))
            {
                // A thread may have a table of its own, unshare(2) CLONE_FILES.
                scan.ReadTable(process, thread);
            }
        }

        return scan;
    }

    private void ReadTable(int process, int thread)
    {
        List<int> numbers = [];
        LinuxResult read = ProcFile.ReadDescriptorNumbers(thread, MostDescriptors, numbers);
        if (read.Failed && CellTasks.StateOf(thread) is not (null or 'Z' or 'X'))
        {
            Problem ??= string.Create(CultureInfo.InvariantCulture, $"the descriptors of process {process} cannot be read");
        }

        foreach (int number in numbers)
        {
            string place = string.Create(CultureInfo.InvariantCulture, $"/proc/{thread}/fd/{number}");
            if (ProcFile.ReadLink(place) is not { } target)
            {
                // The cell stands still, so that a number does not vanish; a process that was killed has none.
                Problem ??= CellTasks.StateOf(thread) is null or 'Z' or 'X'
                    ? null
                    : string.Create(CultureInfo.InvariantCulture, $"descriptor {number} of process {process} cannot be looked at");
            }
            else if (TryReadInode(target, out ulong inode))
            {
                _places.Add(new SocketPlace(process, thread, number, inode));
                LookForDescriptorsInFlight(process, thread, number);
            }
        }
    }

    /// <summary>proc_pid_fdinfo(5): a unix socket says how many descriptors wait in it, also those of connections that nobody
    /// accepted yet.</summary>
    private void LookForDescriptorsInFlight(int process, int thread, int number)
    {
        Span<byte> buffer = stackalloc byte[1024];
        LinuxResult read = ProcFile.Read(
            string.Create(CultureInfo.InvariantCulture, $"/proc/{thread}/fdinfo/{number}"), buffer);
        if (read.Failed && CellTasks.StateOf(thread) is not (null or 'Z' or 'X'))
        {
            Problem ??= string.Create(CultureInfo.InvariantCulture, $"descriptor {number} of process {process} cannot be looked at");
        }

        ReadOnlySpan<byte> text = read.Failed ? [] : buffer[..(int)read.Value];
        int start = text.IndexOf("scm_fds:"u8);
        if (start >= 0 && !(Utf8Parser.TryParse(text[(start + 8)..].TrimStart("\t "u8), out int waiting, out _) && waiting == 0))
        {
            Problem ??= string.Create(CultureInfo.InvariantCulture, $"a descriptor waits in a unix socket of process {process}");
        }
    }

    private void ReadMappings(int process)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/maps");
        byte[] buffer = new byte[1 << 16];
        LinuxResult read = ProcFile.Read(path, buffer);
        while (read.Succeeded && read.Value == buffer.Length && buffer.Length < MostMappings)
        {
            buffer = new byte[buffer.Length * 4];
            read = ProcFile.Read(path, buffer);
        }

        if ((read.Failed && CellTasks.StateOf(process) is not (null or 'Z' or 'X')) || read.Value == MostMappings)
        {
            Problem ??= string.Create(CultureInfo.InvariantCulture, $"the mappings of process {process} cannot be read");
            return;
        }

        ReadOnlySpan<byte> text = read.Failed ? [] : buffer.AsSpan(0, (int)read.Value);
        for (int start = text.IndexOf("socket:["u8); start >= 0; start = text.IndexOf("socket:["u8))
        {
            text = text[start..];
            if (TryReadInode(text, out ulong inode))
            {
                _mapped.Add(inode);
            }

            text = text[8..];
        }
    }

    private static bool TryReadInode(ReadOnlySpan<byte> text, out ulong inode)
    {
        inode = 0;
        return text.StartsWith("socket:["u8) && Utf8Parser.TryParse(text[8..], out inode, out _);
    }
}
