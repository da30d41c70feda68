using System.Net;

namespace ShellGuard.Cells.Supervision.Network;

/// <summary>Asks the host's real resolver, after a connect was allowed and recorded.</summary>
public interface IHostResolver
{
    /// <summary>All addresses of a name; empty when it has none, null when that could not be found out. Called on a
    /// worker; may take as long as the host's resolver takes.</summary>
    IPAddress[]? Resolve(string host);
}
