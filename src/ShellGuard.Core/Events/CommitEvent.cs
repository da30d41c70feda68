namespace ShellGuard.Core.Events;

/// <summary>A changed path is about to be written to the host.</summary>
/// <param name="Path">The host's path.</param>
/// <param name="Change">What happens to it.</param>
/// <param name="Sha256">SHA-256 of the new content in lower-case hex; null where there is none.</param>
public sealed record CommitEvent(HostileText Path, ChangeKind Change, string? Sha256)
    : JournalEvent(EventKind.Commit);
