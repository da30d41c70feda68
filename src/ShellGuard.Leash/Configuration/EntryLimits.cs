namespace ShellGuard.Leash.Configuration;

/// <summary>What every process of a pipeline may use, setrlimit(2); null where nothing is said.</summary>
public sealed record EntryLimits
{
    public static readonly EntryLimits None = new();

    /// <summary>Seconds on a processor (RLIMIT_CPU).</summary>
    public long? ProcessorSeconds { get; init; }

    /// <summary>Bytes of address space (RLIMIT_AS).</summary>
    public long? Memory { get; init; }

    /// <summary>Processes of the user, all sessions together (RLIMIT_NPROC). Root is not limited by it.</summary>
    public long? Processes { get; init; }

    /// <summary>Open files (RLIMIT_NOFILE).</summary>
    public long? OpenFiles { get; init; }

    /// <summary>Bytes of the largest file that may be written (RLIMIT_FSIZE).</summary>
    public long? FileSize { get; init; }
}
