using ShellGuard.Linux.Bpf;

namespace ShellGuard.Audit.Tracing.Ebpf;

/// <summary>Where things stand in the running kernel's structures.</summary>
internal sealed class KernelLayout(KernelTypes types)
{
    /// <summary>For example <c>task_struct.files</c>, in bytes.</summary>
    /// <exception cref="TraceException">This kernel has no such member.</exception>
    public int this[string path]
    {
        get
        {
            int offset = types.OffsetOf(path);
            return offset >= 0
                ? offset
                : throw new TraceException($"the eBPF tracer does not know this kernel: there is no {path}; use --backend ptrace");
        }
    }
}
