namespace ShellGuard.Core.Events;

/// <summary>A person is being asked.</summary>
/// <param name="Question">Number of the question in this session, from 1; the answer carries it too.</param>
public sealed record QuestionEvent(long Question, Operation Operation, HostileText Target, string Reason)
    : JournalEvent(EventKind.Question);
