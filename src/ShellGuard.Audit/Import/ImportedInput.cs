namespace ShellGuard.Audit.Import;

/// <summary>What was read, so that a report can be tied to it.</summary>
/// <param name="Name">The file as it was named; <c>-</c> for standard input.</param>
/// <param name="Format">What it was read as.</param>
/// <param name="Bytes">Bytes read, as they lie on the disk.</param>
/// <param name="Lines">Lines in it.</param>
/// <param name="Sha256">SHA-256 of those bytes in lower-case hex; null where the input was not read to its end.</param>
public sealed record ImportedInput(string Name, TraceFormat Format, long Bytes, long Lines, string? Sha256)
{
    /// <summary>What the times in it count from.</summary>
    public Model.TraceClock Clock { get; init; }

    /// <summary>The kernel under which it was recorded; null where the recording does not tell.</summary>
    public Model.RecordedKernel? Kernel { get; init; }
}
