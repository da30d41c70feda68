using ShellGuard.Core;
using ShellGuard.Core.Events;

namespace ShellGuard.Journal;

/// <summary>Which records <c>log</c> shows. A line that cannot be read is always shown.</summary>
public sealed record JournalFilter
{
    public static readonly JournalFilter All = new();

    /// <summary>Only what was denied.</summary>
    public bool DeniedOnly { get; init; }

    /// <summary>Only these kinds; null for all.</summary>
    public IReadOnlySet<EventKind>? Kinds { get; init; }

    /// <summary>Only records whose wall clock is not before this.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only this cell; null for all.</summary>
    public string? Cell { get; init; }

    public bool Matches(JournalLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return line.Record is not { } record
            || ((!DeniedOnly || record.Event is IDecided { Decision: Decision.Deny })
                && (Kinds is null || Kinds.Contains(record.Event.Kind))
                && (Since is not { } since || record.Header.Time >= since)
                && (Cell is null || record.Event.Cell == Cell));
    }
}
