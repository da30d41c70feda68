namespace ShellGuard.Audit.Import;

/// <summary>What to import and how.</summary>
/// <param name="Paths">Files, directories of strace -ff, or <c>-</c>.</param>
public sealed record ImportOptions(IReadOnlyList<string> Paths)
{
    /// <summary>What the inputs are; found out for each where it is <see cref="TraceFormat.Auto"/>.</summary>
    public TraceFormat Format { get; init; }

    /// <summary>Only what a container's programs do counts, not what the runtime does that makes it. For strace.</summary>
    public bool OnlyPayload { get; init; }

    /// <summary>Where <c>-</c> is read from; closed afterwards.</summary>
    public Func<Stream> StandardInput { get; init; } = () => Stream.Null;

    /// <summary>Called now and then.</summary>
    public Action<ImportProgress>? Progress { get; init; }
}
