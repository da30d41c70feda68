using ShellGuard.Core;
using ShellGuard.Core.Events;

namespace ShellGuard.Journal.Explanations;

/// <summary>Finds the denials of a journal by the numbers that were printed when they happened.</summary>
public static class Why
{
    /// <summary>The denial with this number.</summary>
    /// <param name="lines">The journal from its first line, without a filter.</param>
    /// <param name="number">From 1; the denials are numbered in their order.</param>
    /// <returns>Null when the journal has no such denial.</returns>
    public static WhyExplanation? Find(IEnumerable<JournalLine> lines, long number) =>
        All(lines).FirstOrDefault(explanation => explanation.Number == number);

    /// <summary>All denials in their order.</summary>
    public static IEnumerable<WhyExplanation> All(IEnumerable<JournalLine> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        foreach (JournalLine line in lines)
        {
            if (line is { Denial: > 0, Record: { Event: IDecided { Decision: Decision.Deny } decided } record })
            {
                yield return new WhyExplanation(
                    line.Denial, record.Header, record.Event.Cell, record.Event.Chain, decided.Operation,
                    decided.Target, record.Event.Rule, decided.Reason, decided.WayOn);
            }
        }
    }
}
