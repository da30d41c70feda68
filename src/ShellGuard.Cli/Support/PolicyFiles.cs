using ShellGuard.Policy.Evaluation;

namespace ShellGuard.Cli.Support;

/// <summary>Reads policy files from the host.</summary>
internal sealed class PolicyFiles : IPolicyFiles
{
    /// <summary>A policy is written by people: what is larger is something else.</summary>
    private const int Largest = 1 << 20;

    public PolicyFileContent Read(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            byte[] bytes = new byte[Largest + 1];
            int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length > Largest
                ? PolicyFileContent.Failed("larger than 1 MiB")
                : PolicyFileContent.Of(bytes[..length]);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return PolicyFileContent.Failed(failure switch
            {
                FileNotFoundException or DirectoryNotFoundException => "no such file",
                UnauthorizedAccessException => "not readable, or a directory",
                _ => "cannot be read",
            });
        }
    }
}
