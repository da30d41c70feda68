namespace ShellGuard.Audit.Import;

/// <summary>Who wrote a recording. The names are those of <c>--format</c>.</summary>
public enum TraceFormat
{
    /// <summary>To be found out.</summary>
    Auto,

    /// <summary>strace's text.</summary>
    Strace,

    /// <summary>A table of a bcc, libbpf-tools or bpftrace tool, known by its header.</summary>
    Ebpf,

    /// <summary>bpftrace -f json of such a tool.</summary>
    BpftraceJson,

    /// <summary>The journal of a session of ours.</summary>
    Journal,
}
