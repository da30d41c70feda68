namespace ShellGuard.Core.Events;

/// <summary>The session is over.</summary>
/// <param name="ExitStatus">What <c>shellguard</c> returns to its caller.</param>
/// <param name="Reason">One clause: why it ended.</param>
public sealed record SessionEndEvent(int ExitStatus, string Reason) : JournalEvent(EventKind.SessionEnd)
{
    /// <summary>SHA-256 of the recording's file in lower-case hex, so that the seal covers it too; null when nothing
    /// was recorded.</summary>
    public string? RecordingSha256 { get; init; }
}
