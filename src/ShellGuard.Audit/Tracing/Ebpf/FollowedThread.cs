namespace ShellGuard.Audit.Tracing.Ebpf;

/// <summary>A thread, as the events tell of it.</summary>
/// <param name="thread">Its numbers in our pid namespace, and its line.</param>
internal sealed class FollowedThread(TracedThread thread)
{
    public TracedThread Thread { get; } = thread;

    public CapturedView View { get; } = new();

    /// <summary>How the first thread of a process ended that has others left; null while it runs.</summary>
    public int? HeldExit { get; set; }
}
