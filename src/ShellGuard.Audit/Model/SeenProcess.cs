namespace ShellGuard.Audit.Model;

/// <summary>A process from its beginning to its end. A number that is used again is another process.</summary>
/// <param name="Pid">Its number in the recording.</param>
/// <param name="Generation">The how manieth process with this number, from 1.</param>
/// <param name="Parent">Place of the process that started it in the list, before this one; -1 where it was not seen.
/// </param>
/// <param name="Origin">The first line of it.</param>
public sealed record SeenProcess(int Pid, int Generation, int Parent, Origin Origin)
{
    /// <summary>Programs kept of a process.</summary>
    public const int MaxPrograms = 8;

    /// <summary>Microseconds on the clock of the recording; null where it has none.</summary>
    public long? Start { get; init; }

    /// <summary>Microseconds on the clock of the recording; null where its end was not seen.</summary>
    public long? End { get; init; }

    /// <summary>What it exited with; null where that was not seen, or a signal ended it.</summary>
    public int? Status { get; init; }

    /// <summary>The signal that ended it; null where none did.</summary>
    public string? Signal { get; init; }

    /// <summary>What it executed, in order, at most <see cref="MaxPrograms"/>; empty for a process that only goes on with
    /// its parent's program.</summary>
    public IReadOnlyList<RanProgram> Programs { get; init; } = [];

    /// <summary>How often it executed something.</summary>
    public long Executions { get; init; }

    /// <summary>Null where the recording does not tell.</summary>
    public ResourceUse? Use { get; init; }
}
