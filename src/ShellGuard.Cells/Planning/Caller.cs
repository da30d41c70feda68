namespace ShellGuard.Cells.Planning;

/// <summary>Who asks for a cell, where and with what.</summary>
/// <param name="Cell">The cell's name.</param>
/// <param name="Session">The session's name.</param>
/// <param name="Identity">Who the cell's processes are.</param>
/// <param name="WorkingDirectory">Absolute path without links.</param>
/// <param name="Environment">From which the policy picks.</param>
/// <param name="TerminalDescriptors">Which of 0, 1 and 2 are a terminal.</param>
/// <param name="OutputFiles">Which of 1 and 2 are regular files open for writing.</param>
/// <param name="FileModeMask">umask(2).</param>
public sealed record Caller(
    string Cell,
    string Session,
    CellIdentity Identity,
    string WorkingDirectory,
    IReadOnlyDictionary<string, string> Environment,
    IReadOnlyList<int> TerminalDescriptors,
    IReadOnlyList<int> OutputFiles,
    int FileModeMask)
{
    /// <summary>The home directory that the caller's policies are kept in; empty where there is none.</summary>
    public string Home { get; init; } = "";

    /// <summary>Files of the host that no cell may see, because what sides of a wall write for the person goes there.
    /// </summary>
    public IReadOnlyDictionary<int, string> Redirected { get; init; } = new Dictionary<int, string>();

    /// <summary>Regular files among 0, 1 and 2 that are not open for reading. A program can open them again by procfs, and read.
    /// </summary>
    public IReadOnlyDictionary<int, string> Unread { get; init; } = new Dictionary<int, string>();

    /// <summary>Which of 0, 1 and 2 are the host's /dev/null.</summary>
    public IReadOnlyList<int> NullDevices { get; init; } = [];
}
