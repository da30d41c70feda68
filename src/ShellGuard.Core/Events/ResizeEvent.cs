namespace ShellGuard.Core.Events;

/// <summary>The terminal has a new size in character cells.</summary>
public sealed record ResizeEvent(int Columns, int Rows) : JournalEvent(EventKind.Resize);
