namespace ShellGuard.Journal;

/// <summary>Where bytes go, in order and without a buffer of its own. Failures are <see cref="IOException"/>.</summary>
internal interface IRecordSink : IDisposable
{
    /// <summary>Appends all bytes, or throws; after a throw a part of them may be there.</summary>
    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Forces what was appended to the disk.</summary>
    void Flush();
}
