namespace ShellGuard.Core.Events;

/// <summary>An access was decided: a connect, a name, a file denial, a signal.</summary>
public sealed record AccessEvent(
    Operation Operation, HostileText Target, Decision Decision, string Reason, string? WayOn)
    : JournalEvent(EventKind.Access), IDecided
{
    public static AccessEvent From(Access access, string cell) =>
        new(access.Operation, HostileText.Of(access.Target), access.Verdict.Decision, access.Verdict.Reason,
            access.Verdict.WayOn)
        {
            Cell = cell,
            Chain = access.Chain,
            Rule = access.Verdict.Rule,
        };
}
