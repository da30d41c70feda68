namespace ShellGuard.Audit.Tracing;

/// <summary>How a command is traced.</summary>
public enum TraceBackend
{
    /// <summary>Decided by <see cref="TracerChoice"/>.</summary>
    Auto,

    /// <summary>ptrace(2).</summary>
    Ptrace,

    /// <summary>Programs in the kernel, at its tracepoints.</summary>
    Ebpf,
}
