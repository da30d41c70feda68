using ShellGuard.Core.Events;

namespace ShellGuard.Journal;

/// <summary>One line of a journal as it stands in the file.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Offset">Where it starts, in bytes.</param>
/// <param name="Json">The line's bytes without the line feed. In a journal that was not tampered with they are
/// printable ASCII; check <paramref name="Record"/> before showing them.</param>
/// <param name="Record">What it says; null when it cannot be read.</param>
/// <param name="Problem">Why it cannot be read, in lower case without a full stop; null when it can.</param>
/// <param name="Denial">For a denial its number among the denials, the N of <c>shellguard why N</c>; else 0.</param>
public sealed record JournalLine(
    long Number, long Offset, ReadOnlyMemory<byte> Json, JournalRecord? Record, string? Problem, long Denial);
