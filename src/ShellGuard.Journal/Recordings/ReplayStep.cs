namespace ShellGuard.Journal.Recordings;

/// <summary>Wait, then write.</summary>
/// <param name="Delay">How long after the step before.</param>
/// <param name="Output">What to write to the viewer's terminal: UTF-8, already made safe.</param>
public sealed record ReplayStep(TimeSpan Delay, ReadOnlyMemory<byte> Output);
