namespace ShellGuard.Policy.Evaluation;

/// <summary>Reads policy files; the only way out of this project.</summary>
public interface IPolicyFiles
{
    /// <summary>Reads a whole file.</summary>
    /// <param name="path">Absolute and normalised.</param>
    PolicyFileContent Read(string path);
}

/// <summary>A file's bytes, or why it could not be read.</summary>
/// <param name="Bytes">Null after an error.</param>
/// <param name="Problem">In lower case without a full stop, for example <c>no such file</c>.</param>
public sealed record PolicyFileContent(byte[]? Bytes, string? Problem)
{
    public static PolicyFileContent Of(byte[] bytes) => new(bytes, null);

    public static PolicyFileContent Failed(string problem) => new(null, problem);
}
