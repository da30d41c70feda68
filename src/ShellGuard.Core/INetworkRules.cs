using System.Net;

namespace ShellGuard.Core;

/// <summary>What a policy says about network endpoints. Pure: no name is looked up here.</summary>
public interface INetworkRules
{
    /// <summary>May this name be reached? Also the question of the cell's resolver, with <paramref name="port"/>
    /// null: could any port of this name be reached?</summary>
    /// <param name="host">Lower-case host name without a trailing dot, at most 253 characters of letters, digits,
    /// hyphens, underscores and dots.</param>
    /// <param name="port">1 to 65535, or null for any.</param>
    Verdict ForName(string host, int? port);

    /// <summary>May this address be reached by its literal?</summary>
    Verdict ForAddress(IPAddress address, int port);

    /// <summary>The denial of this address by a rule about it or its block, which holds for names that lead there, too; null
    /// where there is none. That no rule grants it is none, nor is a denial of all addresses, which is about literals.
    /// </summary>
    Verdict? DenialOf(IPAddress address, int port);
}
