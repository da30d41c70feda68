namespace ShellGuard.Core.Events;

/// <summary>ShellGuard itself failed at something.</summary>
/// <param name="Part">The part of ShellGuard.</param>
/// <param name="Message">One line: what failed, with call, error and path where there are any.</param>
public sealed record ErrorEvent(string Part, string Message) : JournalEvent(EventKind.Error);
