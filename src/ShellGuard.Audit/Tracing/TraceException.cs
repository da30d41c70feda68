using ShellGuard.Linux;

namespace ShellGuard.Audit.Tracing;

/// <summary>A command could not be started or traced.</summary>
/// <param name="message">One line.</param>
/// <param name="error">Where the program could not be executed, why; else <see cref="Errno.None"/>.</param>
public sealed class TraceException(string message, Errno error = Errno.None) : Exception(message)
{
    public Errno Error { get; } = error;
}
