using System.Buffers.Text;
using System.Globalization;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Freezing;

/// <summary>Finds the processes and threads of a cell from outside, by its pid namespace.</summary>
internal static class CellTasks
{
    /// <summary>The processes of the cell but its process 1, which is ours.</summary>
    /// <param name="init">Process 1 of the cell, as this process numbers it.</param>
    /// <param name="processes">As this process numbers them; those of the moment, while others come and go.</param>
    /// <param name="problem">Why it cannot be known who is in the cell; perhaps only in this moment.</param>
    /// <returns>False when it cannot be known.</returns>
    public static bool TryFind(int init, out IReadOnlyList<int> processes, out string problem)
    {
        List<int> found = [];
        processes = found;
        problem = "";
        byte[]? own = NamespaceOf(init);
        if (own is null)
        {
            // It has ended, and with it everything in the cell, pid_namespaces(7).
            return true;
        }

        if (!TryList("/proc", out IReadOnlyList<int> all))
        {
            problem = "/proc cannot be read";
            return false;
        }

        foreach (int process in all)
        {
            byte[]? other = process == init ? null : NamespaceOf(process);
            if (other is not null && other.AsSpan().SequenceEqual(own))
            {
                found.Add(process);
            }
            else if (other is null && process != init && DescendsFrom(process, init))
            {
                problem = string.Create(CultureInfo.InvariantCulture, $"process {process} cannot be looked at");
            }
        }

        return problem.Length == 0;
    }

    /// <summary>The threads of a process; none when it is gone.</summary>
    public static IReadOnlyList<int> ThreadsOf(int process) =>
        TryList(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/task"), out IReadOnlyList<int> threads) ? threads : [];

    /// <summary>The state of a thread as proc_pid_stat(5) has it: R, S, D, T, t, Z, X; null when it is gone.</summary>
    public static char? StateOf(int thread)
    {
        Span<byte> buffer = stackalloc byte[512];
        LinuxResult read = ProcFile.Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{thread}/stat"), buffer);

        // The name in parentheses may contain anything, also parentheses.
        int name = read.Failed ? -1 : buffer[..(int)read.Value].LastIndexOf((byte)')');
        return name >= 0 ? (char)buffer[name + 2] : null;
    }

    /// <summary>Whether a thread is in a call that moves bytes, proc_pid_syscall(5): such a call may still move some when
    /// what it waits for has come, also through a descriptor that another thread closed meanwhile.</summary>
    public static bool IsMovingBytes(int thread)
    {
        Span<byte> buffer = stackalloc byte[256];
        LinuxResult read = ProcFile.Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{thread}/syscall"), buffer);
        return read.Failed
            || !Utf8Parser.TryParse(buffer[..(int)read.Value], out int call, out _)
            || (SystemCall)call is SystemCall.write or SystemCall.pwrite64 or SystemCall.writev or SystemCall.pwritev
                or SystemCall.pwritev2 or SystemCall.sendfile or SystemCall.sendto or SystemCall.sendmsg or SystemCall.sendmmsg
                or SystemCall.splice or SystemCall.tee or SystemCall.vmsplice or SystemCall.copy_file_range;
    }

    private static byte[]? NamespaceOf(int process) =>
        ProcFile.ReadLink(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/ns/pid"));

    /// <summary>Whether a process that cannot be looked at is in the cell: whoever loses a parent there gets another one
    /// of the same pid namespace, pid_namespaces(7).</summary>
    private static bool DescendsFrom(int process, int init)
    {
        const int deepest = 4096;
        for (int i = 0; i < deepest && process > 1; i++)
        {
            if (process == init)
            {
                return true;
            }

            process = ParentOf(process);
        }

        return false;
    }

    /// <returns>0 for one that is gone or a zombie, which executes nothing.</returns>
    private static int ParentOf(int process)
    {
        Span<byte> buffer = stackalloc byte[512];
        LinuxResult read = ProcFile.Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"), buffer);
        ReadOnlySpan<byte> text = read.Failed ? [] : buffer[..(int)read.Value];
        int name = text.LastIndexOf((byte)')');
        return name >= 0 && text[name + 2] is not ((byte)'Z' or (byte)'X')
            && Utf8Parser.TryParse(text[(name + 4)..], out int parent, out _)
            ? parent
            : 0;
    }

    private static bool TryList(string path, out IReadOnlyList<int> numbers)
    {
        LinuxResult opened = Files.Open(
            path, OpenFlags.RDONLY | OpenFlags.DIRECTORY | OpenFlags.CLOEXEC, out Descriptor directory);
        List<int> found = [];
        numbers = found;
        using (directory)
        {
            if (opened.Failed || DirectoryEntries.List(directory, out List<string> names).Failed)
            {
                return false;
            }

            foreach (string name in names)
            {
                if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
                {
                    found.Add(number);
                }
            }
        }

        return true;
    }
}
