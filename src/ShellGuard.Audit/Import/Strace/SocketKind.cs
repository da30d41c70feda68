namespace ShellGuard.Audit.Import.Strace;

internal enum SocketKind
{
    /// <summary>No socket, or one of which nothing is known.</summary>
    None,

    Tcp,
    Udp,

    /// <summary>An internet socket without ports.</summary>
    Raw,

    /// <summary>A unix stream or packet stream, or one of which no more is known.</summary>
    Unix,

    UnixDatagram,
    Netlink,
    Other,
}
