using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Lint;

namespace ShellGuard.Leash.Lint;

/// <summary>One thing to look at.</summary>
/// <param name="Class">How it could be used.</param>
/// <param name="Entry">The pipeline's name; empty for the configuration as a whole.</param>
/// <param name="Diagnostic">Where it stands, how bad it is, and the way on.</param>
public sealed record LintFinding(EscapeClass Class, string Entry, Diagnostic Diagnostic);
