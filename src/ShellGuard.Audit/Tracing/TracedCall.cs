using ShellGuard.Linux.Seccomp;

namespace ShellGuard.Audit.Tracing;

/// <summary>A call that stops for the tracer.</summary>
/// <param name="Name">The kernel's name of it.</param>
/// <param name="Native">Its number on x86-64, or <see cref="TracedCalls.None"/>.</param>
/// <param name="Compatible">Its number for 32-bit programs, or <see cref="TracedCalls.None"/>.</param>
/// <param name="Forms">How its arguments are written.</param>
internal sealed record TracedCall(string Name, int Native, int Compatible, params ArgumentForm[] Forms)
{
    /// <summary>What must hold for the native call to stop.</summary>
    public TraceTest[] NativeTests { get; init; } = [];

    /// <summary>What must hold for a 32-bit program's call to stop.</summary>
    public TraceTest[] CompatibleTests { get; init; } = [];

    /// <summary>A 32-bit program hands over one pointer to all arguments.</summary>
    public bool Indirect { get; init; }

    /// <summary>What it returns is an open file.</summary>
    public bool ReturnsFile => Name is "open" or "creat" or "openat" or "openat2" or "open_tree" or "open_by_handle_at";
}
