using System.Buffers.Text;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Audit.Tracing.Ebpf;

/// <summary>What proc(5) says about a process that ran before it was traced.</summary>
/// <param name="Program">Its path; empty where it is gone, or not ours to see.</param>
/// <param name="User">Its effective user; 0 where that is not known.</param>
internal sealed record FoundProcess(byte[] Program, uint User)
{
    public static FoundProcess Read(int process)
    {
        if (process <= 0)
        {
            return new FoundProcess([], 0);
        }

        Span<byte> status = stackalloc byte[4096];
        LinuxResult read = ProcFile.Read($"/proc/{process}/status", status);
        ReadOnlySpan<byte> text = read.Failed ? default : status[..(int)read.Value];
        int at = text.IndexOf("Uid:\t"u8);
        text = at < 0 ? default : text[(at + 5)..];
        text = text[(text.IndexOf((byte)'\t') + 1)..];
        return new FoundProcess(
            ProcFile.ReadLink($"/proc/{process}/exe") ?? [], Utf8Parser.TryParse(text, out uint user, out _) ? user : 0);
    }
}
