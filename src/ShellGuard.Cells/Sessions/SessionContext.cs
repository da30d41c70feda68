using ShellGuard.Cells.Hosting;
using ShellGuard.Cells.Planning;
using ShellGuard.Core.Events;
using ShellGuard.Journal;

namespace ShellGuard.Cells.Sessions;

/// <summary>What the cells of one session have in common.</summary>
/// <param name="Request">What a person asked for.</param>
/// <param name="Id">The session's name.</param>
/// <param name="Directory">Its storage.</param>
/// <param name="Caller">Who asks; each cell has its own name in it.</param>
/// <param name="Terms">What the host lacks and the user accepted.</param>
/// <param name="Journal">Where everything is written down.</param>
/// <param name="Terminal">The person.</param>
/// <param name="Limits">What all cells together may use.</param>
/// <param name="Stop">Ends the session.</param>
internal sealed record SessionContext(
    SessionRequest Request,
    SessionId Id,
    string Directory,
    Caller Caller,
    SessionTerms Terms,
    JournalWriter Journal,
    SessionTerminal Terminal,
    SessionLimits Limits,
    Action<string> Stop)
{
    /// <summary>Whether a concession of the host touches how cells are made.</summary>
    public HostConcessions Concessions => Terms.Concessions;
}
