namespace ShellGuard.Cells.Supervision.Network.Dns;

/// <summary>Response codes, RFC 1035 section 4.1.1.</summary>
internal enum DnsStatus
{
    NoError = 0,
    FormErr = 1,
    ServFail = 2,
    NxDomain = 3,
    NotImp = 4,
    Refused = 5,

    /// <summary>An EDNS version that this resolver does not speak, RFC 6891 section 6.1.3.</summary>
    BadVers = 16,
}
