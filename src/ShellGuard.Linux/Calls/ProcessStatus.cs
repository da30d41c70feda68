using System.Buffers.Text;

namespace ShellGuard.Linux.Calls;

/// <summary>What proc_pid_status(5) says about a thread.</summary>
/// <param name="Process">Its thread group.</param>
/// <param name="Parent">The process that is its parent now; 0 where that is not in the reader's pid namespace.</param>
/// <param name="Threads">How many threads the group has.</param>
/// <param name="TableSize">How many descriptors its table has room for.</param>
/// <param name="User">Effective user id, in the reader's user namespace.</param>
/// <param name="Group">Effective group id.</param>
/// <param name="Groups">Supplementary groups.</param>
public sealed record ProcessStatus(int Process, int Parent, int Threads, int TableSize, int User, int Group, int[] Groups)
{
    /// <returns>Null where the thread is gone, or hidden from this process.</returns>
    public static ProcessStatus? Read(int thread)
    {
        Span<byte> buffer = stackalloc byte[8192];
        var read = ProcFile.Read($"/proc/{thread}/status", buffer);
        if (read.Failed)
        {
            return null;
        }

        ReadOnlySpan<byte> text = buffer[..(int)read.Value];
        int[] process = Numbers(text, "\nTgid:"u8);
        int[] parent = Numbers(text, "\nPPid:"u8);
        int[] threads = Numbers(text, "\nThreads:"u8);
        int[] tableSize = Numbers(text, "\nFDSize:"u8);
        int[] user = Numbers(text, "\nUid:"u8);
        int[] group = Numbers(text, "\nGid:"u8);
        // Four numbers each: real, effective, saved, file system.
        return process.Length == 1 && parent.Length == 1 && threads.Length == 1 && tableSize.Length == 1 && user.Length == 4 && group.Length == 4
            ? new ProcessStatus(process[0], parent[0], threads[0], tableSize[0], user[1], group[1], Numbers(text, "\nGroups:"u8))
            : null;
    }

    private static int[] Numbers(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key)
    {
        int start = text.IndexOf(key);
        if (start < 0)
        {
            return [];
        }

        ReadOnlySpan<byte> line = text[(start + key.Length)..];
        int end = line.IndexOf((byte)'\n');
        line = end < 0 ? line : line[..end];
        List<int> numbers = [];
        while (true)
        {
            line = line.TrimStart(" \t"u8);
            if (!Utf8Parser.TryParse(line, out uint number, out int length))
            {
                return [.. numbers];
            }

            numbers.Add((int)number);
            line = line[length..];
        }
    }
}
