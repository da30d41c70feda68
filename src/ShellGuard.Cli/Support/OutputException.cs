using ShellGuard.Linux;

namespace ShellGuard.Cli.Support;

/// <summary>Standard output cannot be written.</summary>
internal sealed class OutputException(LinuxResult result)
    : Exception($"standard output cannot be written: {result.Error}")
{
    /// <summary>The reader of a pipe is gone, as in <c>shellguard log | head</c>.</summary>
    public bool IsReaderGone => result.Error == Errno.EPIPE;
}
