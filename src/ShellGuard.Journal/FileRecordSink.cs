namespace ShellGuard.Journal;

/// <summary>A file that only this process appends to.</summary>
internal sealed class FileRecordSink : IRecordSink
{
    private readonly FileStream _file;
    private long _offset;

    private FileRecordSink(FileStream file) => _file = file;

    /// <summary>Creates the file, readable and writable by its owner only. An existing file is never opened
    /// (O_EXCL), so a planted symlink is not followed either.</summary>
    public static FileRecordSink Create(string path) => Open(path, FileMode.CreateNew);

    internal static FileRecordSink Open(string path, FileMode mode) => new(new FileStream(path, new FileStreamOptions
    {
        Mode = mode,
        Access = FileAccess.Write,
        Share = FileShare.Read,
        BufferSize = 0,
        UnixCreateMode = mode == FileMode.CreateNew ? UnixFileMode.UserRead | UnixFileMode.UserWrite : null,
    }));

    public void Append(ReadOnlySpan<byte> bytes)
    {
        // One pwrite(2); RandomAccess repeats it where the kernel wrote a part, and throws on an error.
        try
        {
            RandomAccess.Write(_file.SafeFileHandle, bytes, _offset);
        }
        catch (ArgumentOutOfRangeException failure)
        {
            // What .NET makes of EFBIG.
            throw new IOException(JournalWriter.MayNotGrow, failure);
        }

        _offset += bytes.Length;
    }

    public void Flush() => RandomAccess.FlushToDisk(_file.SafeFileHandle);

    public void Dispose() => _file.Dispose();
}
