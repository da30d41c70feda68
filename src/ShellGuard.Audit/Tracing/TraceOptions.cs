using ShellGuard.Core;

namespace ShellGuard.Audit.Tracing;

/// <summary>What is to be traced.</summary>
/// <param name="Program">Path of the program.</param>
/// <param name="Arguments">Its arguments, the first one its name.</param>
/// <param name="Environment">As <c>NAME=VALUE</c>.</param>
/// <param name="Record">Where the recording goes; empty.</param>
public sealed record TraceOptions(
    string Program, IReadOnlyList<string> Arguments, IReadOnlyList<string> Environment, FileStream Record)
{
    /// <summary>See <see cref="Import.ImportOptions.OnlyPayload"/>.</summary>
    public bool OnlyPayload { get; init; }

    /// <summary>Where the command, a client of a service, writes which container it has that service start. Then that
    /// container is traced, and not the command.</summary>
    public string? IdentifierFile { get; init; }

    /// <summary>Every call stops, so that the recording has the name of each that a process makes, and not only of those
    /// that reach something. Ten to a hundred times slower.</summary>
    public bool AllCalls { get; init; }

    /// <summary>Directory of a control group whose processes are traced instead of a command; null for a command.</summary>
    public string? Group { get; init; }

    /// <summary>Bytes for events that the eBPF tracer has not read yet: a power of two, at least a page.</summary>
    public int RingSize { get; init; } = 16 << 20;

    /// <summary>Called for each access that was not seen before, while the command runs, on another thread.</summary>
    public Action<Access>? Seen { get; init; }

    /// <summary>Called when the command ended and processes that it started go on, with how many threads they have.
    /// </summary>
    public Action<int>? LeftBehind { get; init; }
}
