using System.Buffers.Text;
using ShellGuard.Audit.Tracing.Ebpf;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Audit.Tracing;

/// <summary>Which tracer, and why.</summary>
/// <param name="Backend">Never <see cref="TraceBackend.Auto"/>.</param>
/// <param name="Reason">Short, for people.</param>
public sealed record TracerChoice(TraceBackend Backend, string Reason)
{
    /// <summary>The value of <c>kernel.yama.ptrace_scope</c> that forbids tracing to everybody.</summary>
    private const int NoAttach = 3;

    /// <summary>Chooses. ptrace, as long as it works: it loses nothing, and slows nobody else down.</summary>
    /// <param name="wanted">What was asked for.</param>
    /// <param name="isRoot">Whether eBPF is for us.</param>
    /// <param name="tracer">Who traces us; 0 for nobody.</param>
    /// <param name="scope"><c>kernel.yama.ptrace_scope</c>; 0 where there is none.</param>
    public static TracerChoice Of(TraceBackend wanted, bool isRoot, int tracer, int scope) => wanted switch
    {
        TraceBackend.Ptrace => new TracerChoice(TraceBackend.Ptrace, "as asked for"),
        TraceBackend.Ebpf => new TracerChoice(TraceBackend.Ebpf, "as asked for"),
        _ when isRoot && tracer != 0 => new TracerChoice(TraceBackend.Ebpf, "something traces shellguard already"),
        _ when isRoot && scope >= NoAttach =>
            new TracerChoice(TraceBackend.Ebpf, "kernel.yama.ptrace_scope forbids ptrace"),
        _ => new TracerChoice(TraceBackend.Ptrace, "it loses nothing"),
    };

    /// <summary>Chooses for this process.</summary>
    public static TracerChoice Here(TraceBackend wanted) => Of(
        wanted, FileMetadata.EffectiveUser == 0, Number("/proc/self/status", "TracerPid:\t"u8),
        Number("/proc/sys/kernel/yama/ptrace_scope", default));

    /// <exception cref="TraceException">The kernel or our rights do not allow it.</exception>
    public ITracer Create(TraceOptions options) => options.Group is { } group ? new GroupTracer(group, options)
        : Backend == TraceBackend.Ebpf ? new EbpfTracer(options)
        : new Tracer(options);

    private static int Number(string path, ReadOnlySpan<byte> behind)
    {
        Span<byte> text = stackalloc byte[4096];
        LinuxResult read = ProcFile.Read(path, text);
        ReadOnlySpan<byte> rest = read.Failed ? default : text[..(int)read.Value];
        int at = rest.IndexOf(behind);
        return at >= 0 && Utf8Parser.TryParse(rest[(at + behind.Length)..], out int number, out _) ? number : 0;
    }
}
