using System.Net;

namespace ShellGuard.Cells.Supervision.Network.Dns;

/// <summary>What the cell's resolver says to one question.</summary>
/// <param name="Status">The response code.</param>
/// <param name="Addresses">Address records, already of the family asked for.</param>
/// <param name="Pointer">The name that an address stands for, or null.</param>
internal sealed record NameReply(DnsStatus Status, IPAddress[] Addresses, string? Pointer = null)
{
    internal static NameReply Empty { get; } = new(DnsStatus.NoError, []);

    internal static NameReply Plain(DnsStatus status) => new(status, []);
}
