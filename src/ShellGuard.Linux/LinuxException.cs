namespace ShellGuard.Linux;

/// <summary>A kernel call failed where the run cannot go on. The message names call, object and error.</summary>
public sealed class LinuxException(LinuxResult result) : Exception(result.ToString())
{
    public LinuxResult Result { get; } = result;
}
