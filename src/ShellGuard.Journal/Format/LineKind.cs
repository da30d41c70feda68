namespace ShellGuard.Journal.Format;

/// <summary>What <see cref="LineScanner"/> found.</summary>
internal enum LineKind
{
    /// <summary>A whole line.</summary>
    Line,

    /// <summary>Bytes without a line feed at the end of the stream.</summary>
    Torn,

    /// <summary>A line that is longer than any record; the rest of it is skipped.</summary>
    TooLong,

    /// <summary>Nothing more, for now.</summary>
    End,
}
