namespace ShellGuard.Audit.Import;

/// <summary>An input that was opened before anything of it was understood: who reads it later needs no right to open.
/// </summary>
/// <param name="name">As it was named; <c>-</c> for standard input.</param>
/// <param name="stream">Belongs to this object.</param>
internal sealed class OpenInput(string name, Stream stream) : IDisposable
{
    private bool _isRead;

    public string Name { get; } = name;

    /// <summary>Bytes on the disk; 0 where that is not known, as of a pipe.</summary>
    public long Size { get; } = stream.CanSeek ? stream.Length : 0;

    /// <summary>Whether it can be read more than once.</summary>
    public bool IsRepeatable => stream.CanSeek;

    /// <param name="standardInput">What <c>-</c> is.</param>
    /// <exception cref="ImportException">It cannot be opened.</exception>
    public static OpenInput Of(string path, Func<Stream> standardInput)
    {
        try
        {
            return new OpenInput(path, path == "-"
                ? standardInput()
                : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0));
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ImportException($"{path} is not there");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ImportException($"{path} cannot be read: {failure.Message.TrimEnd('.')}");
        }
    }

    /// <summary>A recording that an audit was made from.</summary>
    /// <exception cref="ImportException">It is no file.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be opened.</exception>
    public static OpenInput Again(string name) =>
        new(name, NamedFile.Open(name) ?? throw new ImportException($"{name} is no file"));

    /// <summary>What is in it, from its beginning.</summary>
    public Stream Content()
    {
        if (_isRead && stream.CanSeek)
        {
            stream.Position = 0;
        }

        _isRead = true;
        return stream;
    }

    public void Dispose() => stream.Dispose();
}
