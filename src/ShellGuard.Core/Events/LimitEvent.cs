namespace ShellGuard.Core.Events;

/// <summary>A limit struck.</summary>
/// <param name="Limit">Which.</param>
/// <param name="Value">The limit, in bytes, processes, percent of one CPU, seconds or files by its kind.</param>
/// <param name="Effect">One clause: what happened to the cell.</param>
public sealed record LimitEvent(LimitKind Limit, long Value, string Effect) : JournalEvent(EventKind.Limit);
