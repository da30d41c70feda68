namespace ShellGuard.Core.Events;

/// <summary>A program is about to run, or was kept from it.</summary>
/// <param name="Path">The resolved path in the cell's view.</param>
/// <param name="Arguments">argv.</param>
/// <param name="Decision">Allow or deny.</param>
/// <param name="Reason">One clause: why.</param>
public sealed record ExecEvent(HostileText Path, ArgumentVector Arguments, Decision Decision, string Reason)
    : JournalEvent(EventKind.Exec), IDecided
{
    /// <summary>SHA-256 of the file in lower-case hex; null when it was not taken, see
    /// <see cref="Sha256Missing"/>.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Why there is no <see cref="Sha256"/>; null when there is one.</summary>
    public string? Sha256Missing { get; init; }

    /// <summary>The interpreter that the file's first line or its ELF header names; null for none.</summary>
    public HostileText? Interpreter { get; init; }

    /// <summary>The image has no file on disk: memfd_create(2), or a deleted or unlinked temporary file.</summary>
    public bool FromMemory { get; init; }

    public HostileText WorkingDirectory { get; init; } = HostileText.Empty;

    /// <inheritdoc/>
    public string? WayOn { get; init; }

    HostileText IDecided.Target => Path;

    Operation IDecided.Operation => Operation.Execute;
}
