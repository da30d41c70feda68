namespace ShellGuard.Core;

/// <summary>Who did what to which object with what outcome. Supervisor, tracers and importers produce these;
/// journal, reports and profiles consume them.</summary>
/// <param name="Chain">The process and its ancestors, the actor first.</param>
/// <param name="Operation">What was done.</param>
/// <param name="Target">The object: an absolute path, or <c>host:port/tcp</c>.</param>
/// <param name="Verdict">What was decided.</param>
public sealed record Access(
    IReadOnlyList<ProcessIdentity> Chain, Operation Operation, string Target, Verdict Verdict);
