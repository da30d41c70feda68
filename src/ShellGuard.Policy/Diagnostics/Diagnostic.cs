namespace ShellGuard.Policy.Diagnostics;

/// <summary>One finding about a policy.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="File">The file's path, <c>preset:NAME</c>, or <c>command line</c>.</param>
/// <param name="Line">One-based, or 0 where there are no lines.</param>
/// <param name="Column">One-based, in characters, or 0 where there are no lines.</param>
/// <param name="Length">In characters of that line; at least 1.</param>
/// <param name="Message">Lower case, no full stop. May quote text of the policy: print it by the renderer only.</param>
/// <param name="Suggestion">The way on, for example the nearest known key; null where there is none.</param>
public sealed record Diagnostic(
    Severity Severity, string File, int Line, int Column, int Length, string Message, string? Suggestion = null);
