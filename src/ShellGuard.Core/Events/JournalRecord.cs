namespace ShellGuard.Core.Events;

/// <summary>One record of a journal, without its place in the hash chain.</summary>
public sealed record JournalRecord(RecordHeader Header, JournalEvent Event);
