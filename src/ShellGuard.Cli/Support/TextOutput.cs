using System.Text;
using ShellGuard.Cells.Sessions;

namespace ShellGuard.Cli.Support;

/// <summary>Text to a new file, or to standard output.</summary>
internal static class TextOutput
{
    /// <param name="path">Null for standard output. A file is never written over.</param>
    /// <exception cref="SessionException">It cannot be written.</exception>
    public static void Write(string? path, string text)
    {
        using FileStream? file = path is null ? null : EvidenceFile.Create(path);
        Write(file, text);
    }

    /// <param name="file">Null for standard output.</param>
    /// <exception cref="SessionException">It cannot be written.</exception>
    public static void Write(FileStream? file, string text)
    {
        if (file is null)
        {
            Terminal.Out.Write(text);
            return;
        }

        try
        {
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }
        catch (IOException failure)
        {
            throw EvidenceFile.Abandon(file, failure);
        }
    }
}
