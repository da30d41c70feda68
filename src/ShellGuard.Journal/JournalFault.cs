namespace ShellGuard.Journal;

/// <summary>The first thing wrong with a journal.</summary>
/// <param name="Record">The number of the first bad record, or of the first that is missing; from 1.</param>
/// <param name="Offset">Where it starts, in bytes from the start of the file.</param>
/// <param name="Text">What is wrong, in lower case without a full stop.</param>
public sealed record JournalFault(long Record, long Offset, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => $"record {Record} at byte {Offset}: {Text}";
}
