namespace ShellGuard.Cells.Supervision.Network.Dns;

/// <summary>Record types that the cell's resolver knows, RFC 1035 and RFC 3596. Every other is answered empty.</summary>
internal enum DnsType
{
    A = 1,
    PTR = 12,
    AAAA = 28,
    OPT = 41,
    ANY = 255,
}
