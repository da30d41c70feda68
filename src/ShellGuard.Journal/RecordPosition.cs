using System.Runtime.InteropServices;

namespace ShellGuard.Journal;

/// <summary>Where an appended event stands.</summary>
/// <param name="Sequence">The record's number in the journal, from 1.</param>
/// <param name="Denial">For a denial its number among the denials, from 1: the N of <c>shellguard why N</c>; else 0.
/// </param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RecordPosition(long Sequence, long Denial);
