using ShellGuard.Linux.Calls;

namespace ShellGuard.Audit.Tracing.Ebpf;

/// <summary>What proc(5) says about a process that ran before it was traced.</summary>
/// <param name="Program">Its path; empty where it is gone, or not ours to see.</param>
/// <param name="User">Its effective user; null where that is not known.</param>
internal sealed record FoundProcess(byte[] Program, int? User)
{
    public static FoundProcess Read(int process) => process <= 0
        ? new FoundProcess([], null)
        : new FoundProcess(ProcFile.ReadLink($"/proc/{process}/exe") ?? [], ProcessStatus.Read(process)?.User);
}
