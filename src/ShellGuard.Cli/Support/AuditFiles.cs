using ShellGuard.Audit.Reports;
using ShellGuard.Cells.Sessions;
using ShellGuard.Core;

namespace ShellGuard.Cli.Support;

/// <summary>Opens audit files for the verbs that work on them.</summary>
internal static class AuditFiles
{
    /// <exception cref="SessionException">It cannot be read, or anything is wrong with it.</exception>
    public static AuditFile Open(string path) => Checked(path, Read(path));

    /// <exception cref="SessionException">Anything is wrong with it.</exception>
    public static AuditFile Checked(string path, AuditFileResult result)
    {
        if (result.File is { } file)
        {
            return file;
        }

        AuditFileProblem first = result.Problems[0];
        string more = result.ProblemCount > 1 ? $", and {result.ProblemCount - 1} more: shellguard audit verify lists them" : "";
        throw new SessionException($"{path}:{first.Line}: {SafeText.Message(first.Text)}{more}");
    }

    /// <summary>Reads without judging. <c>-</c> is standard input.</summary>
    /// <exception cref="SessionException">It cannot be read.</exception>
    public static AuditFileResult Read(string path)
    {
        using Stream file = OpenStream(path);
        return Read(path, file);
    }

    /// <exception cref="SessionException">It cannot be read.</exception>
    public static AuditFileResult Read(string path, Stream file)
    {
        try
        {
            return AuditFileReader.Read(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SessionException($"{path} cannot be read: {failure.Message.TrimEnd('.')}");
        }
    }

    /// <param name="path"><c>-</c> is standard input.</param>
    /// <exception cref="SessionException">It cannot be opened.</exception>
    public static Stream OpenStream(string path)
    {
        try
        {
            return path == "-"
                ? new StandardStream(0, mayFail: true)
                : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Unreadable(path, failure);
        }
    }

    /// <summary>What to say of a file that a person named and that cannot be opened.</summary>
    public static SessionException Unreadable(string path, Exception failure) => new(
        path.Length == 0 ? "a file is needed, and its name is empty"
        : failure is FileNotFoundException or DirectoryNotFoundException ? $"{path} is not there"
        : failure is UnauthorizedAccessException && Path.Exists($"{path}/.") ? $"{path} is a directory"
        : $"{path} cannot be read: {failure.Message.TrimEnd('.')}");
}
