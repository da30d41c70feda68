namespace ShellGuard.Linux.Seccomp;

/// <summary>A call that stops for the tracer.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Tests">All of these must hold for it to stop.</param>
public sealed record TraceRule(int Number, params IReadOnlyList<TraceTest> Tests);
