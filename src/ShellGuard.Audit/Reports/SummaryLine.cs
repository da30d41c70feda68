namespace ShellGuard.Audit.Reports;

/// <summary>One thing in a summary. The texts are as the recording has them: not yet safe for a terminal.</summary>
/// <param name="Text">What.</param>
/// <param name="Count">How often.</param>
/// <param name="Programs">Names of the programs that did it.</param>
public sealed record SummaryLine(string Text, long Count, IReadOnlyList<string> Programs);
