namespace ShellGuard.Core.Events;

/// <summary>A line of a leash is about to run, or was denied.</summary>
/// <param name="Line">As it was typed.</param>
/// <param name="Decision">Allow or deny.</param>
/// <param name="Code">Why it is denied.</param>
/// <param name="Reason">What the person is told; empty for an allowed one.</param>
public sealed record LineEvent(HostileText Line, Decision Decision, LineReason Code, string Reason)
    : JournalEvent(EventKind.Line), IDecided
{
    /// <summary>The pipeline's name; null where none was matched.</summary>
    public HostileText? Name { get; init; }

    /// <summary>From where: the terminal, and the connection as sshd names it.</summary>
    public HostileText Origin { get; init; } = HostileText.Empty;

    /// <summary>The files that run, stage by stage, each script followed by its interpreter.</summary>
    public IReadOnlyList<LineFile> Files { get; init; } = [];

    /// <inheritdoc/>
    public string? WayOn { get; init; }

    HostileText IDecided.Target => Line;

    Operation IDecided.Operation => Operation.Execute;
}
