using ShellGuard.Audit.Profiles.Generalisation;

namespace ShellGuard.Audit.Profiles;

/// <summary>An endpoint that the command talks to or listens at.</summary>
/// <param name="Host">An address, without brackets.</param>
/// <param name="Port">0 for any.</param>
/// <param name="Protocol">tcp, udp or raw.</param>
/// <param name="Name">The host name by which it was probably meant; null where nothing tells.</param>
/// <param name="Evidence">The access that says so.</param>
public sealed record ProfileEndpoint(string Host, int Port, string Protocol, string? Name, GeneralAccess Evidence)
{
    /// <summary>Probably nothing was sent there: getaddrinfo(3) connects a datagram socket to each address that it found, to
    /// hear from the kernel which of the host's own addresses it would have, RFC 6724. See
    /// <see cref="ProfileEndpoints.MarkSelections"/>.</summary>
    public bool IsSelection { get; init; }

    /// <summary>Whether it has a port that can be named.</summary>
    public bool HasPort => Port > 0 && Protocol is "tcp" or "udp";

    public bool IsIPv6 => Host.Contains(':', StringComparison.Ordinal);

    public bool IsLoopback => Host.StartsWith("127.", StringComparison.Ordinal) || Host == "::1";

    /// <summary>With brackets where they are needed.</summary>
    public string HostText => IsIPv6 ? $"[{Host}]" : Host;
}
