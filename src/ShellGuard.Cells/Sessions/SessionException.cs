namespace ShellGuard.Cells.Sessions;

/// <summary>A session could not be started. The message is for the person; the status is for the caller.</summary>
/// <param name="message">One line.</param>
/// <param name="status">125 for a failure of ShellGuard's own, 126 for a command that cannot be executed, 127 for one
/// that is not there.</param>
public sealed class SessionException(string message, int status = SessionException.OwnFailure) : Exception(message)
{
    public const int OwnFailure = 125;
    public const int NotExecutable = 126;
    public const int NotFound = 127;

    public int Status { get; } = status;
}
