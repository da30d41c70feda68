namespace ShellGuard.Leash.Locating;

/// <summary>The leash refuses to start. The message is for the person, the status for the caller.</summary>
/// <param name="message">One line, or findings with a line each.</param>
public sealed class LeashException(string message, int status = LeashException.BadConfiguration) : Exception(message)
{
    /// <summary>EX_USAGE of sysexits(3).</summary>
    public const int Usage = 64;

    /// <summary>EX_CONFIG of sysexits(3).</summary>
    public const int BadConfiguration = 78;

    /// <summary>The leash itself failed: its journal, for example.</summary>
    public const int OwnFailure = 125;

    public int Status { get; } = status;
}
