using ShellGuard.Core;

namespace ShellGuard.Cells.Supervision.Network;

/// <summary>Writes decided accesses of one cell. The rules that are not the policy's but this house's own stand here
/// with the reason that a person reads.</summary>
internal sealed class NetworkRecorder(IAccessSink sink, Func<int, IReadOnlyList<ProcessIdentity>> chainOf)
{
    internal static RuleSource BuiltIn(string text) => new("built-in", 0, 0, text);

    internal Access Describe(int thread, Operation operation, string target, Verdict verdict) =>
        new(chainOf(thread), operation, target, verdict);

    /// <summary>Records what is about to happen.</summary>
    /// <returns>Whether it may happen: it stands in the journal.</returns>
    internal bool Allow(int thread, Operation operation, string target, Verdict verdict) =>
        sink.Record(Describe(thread, operation, target, verdict with { Decision = Decision.Allow }));

    internal bool AllowBuiltIn(int thread, Operation operation, string target, string rule, string reason) =>
        Allow(thread, operation, target, Verdict.Allow(BuiltIn(rule), reason));

    /// <summary>Records a refusal; nothing depends on whether it could be written, for nothing happens.</summary>
    internal void Deny(int thread, Operation operation, string target, Verdict verdict) =>
        sink.Record(Describe(thread, operation, target, verdict with { Decision = Decision.Deny }));

    internal void DenyBuiltIn(
        int thread, Operation operation, string target, string rule, string reason, string? wayOn = null) =>
        Deny(thread, operation, target, Verdict.Deny(BuiltIn(rule), reason, wayOn));
}
