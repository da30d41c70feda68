using System.Globalization;
using System.Text;
using ShellGuard.Core;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cells.Supervision.Network;

/// <summary>Who made a call: the process and its ancestors as proc(5) shows them. Read while the caller waits inside
/// its call; an ancestor may end meanwhile, and the chain then ends there.</summary>
internal static class ProcessChain
{
    private const int Deepest = 32;

    /// <param name="thread">Any thread of the process.</param>
    internal static IReadOnlyList<ProcessIdentity> Of(int thread)
    {
        List<ProcessIdentity> chain = [];
        int process = ProcessStatus.Read(thread)?.Process ?? thread;
        while (process > 1 && chain.Count < Deepest && Read(process) is { } identity)
        {
            // Process 1 of the cell: what is above it is the supervisor and who started that.
            if (identity.Program.StartsWith("/memfd:shellguard-init", StringComparison.Ordinal))
            {
                break;
            }

            chain.Add(identity);
            process = identity.ParentPid;
        }

        return chain;
    }

    private static ProcessIdentity? Read(int process)
    {
        Span<byte> buffer = stackalloc byte[1024];
        var read = ProcFile.Read($"/proc/{process}/stat", buffer);
        if (read.Failed)
        {
            return null;
        }

        // The name in brackets may hold anything, also brackets and spaces: the last bracket ends it.
        ReadOnlySpan<byte> line = buffer[..(int)read.Value];
        string[] fields = Encoding.ASCII.GetString(line[(line.LastIndexOf((byte)')') + 1)..]).Split(
            ' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 20 ||
            !int.TryParse(fields[1], CultureInfo.InvariantCulture, out int parent) ||
            !ulong.TryParse(fields[19], CultureInfo.InvariantCulture, out ulong start))
        {
            return null;
        }

        byte[]? program = ProcFile.ReadLink($"/proc/{process}/exe");
        return new ProcessIdentity(
            process, start, parent, program is null ? string.Empty : Encoding.UTF8.GetString(program));
    }
}
