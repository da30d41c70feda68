namespace ShellGuard.Core;

/// <summary>What an access's target names. The numbers are frozen: they stand in stored evidence.</summary>
public enum ObjectKind
{
    /// <summary>Not said; by its form a path or an endpoint.</summary>
    Unknown = 0,

    /// <summary>A path, whatever stands there: most calls do not tell.</summary>
    Path = 1,

    /// <summary>A path that was used as a directory.</summary>
    Directory = 2,

    /// <summary><c>address:port/tcp</c> or <c>/udp</c>, an IPv6 address in brackets.</summary>
    Endpoint = 3,

    /// <summary>A unix socket's path.</summary>
    UnixSocket = 4,

    /// <summary>A unix socket's abstract name, with an <c>@</c> in front.</summary>
    AbstractSocket = 5,

    /// <summary>A socket of another family: <c>netlink:ROUTE</c>, <c>packet</c>, <c>vsock:3:1024</c>.</summary>
    OtherSocket = 6,

    /// <summary>Another process, by its program's path.</summary>
    Process = 7,

    /// <summary>A user or group: <c>uid 42</c>, <c>gid 7</c>.</summary>
    Identity = 8,

    /// <summary>A capability or another privilege by its kernel name: <c>CAP_NET_ADMIN</c>,
    /// <c>no_new_privs</c>.</summary>
    Privilege = 9,

    /// <summary>A host name.</summary>
    Name = 10,

    /// <summary>A system call by its name, with its object behind it where it has one: <c>mount /mnt</c>.</summary>
    SystemCall = 11,

    /// <summary>Memory without a name in a file system: <c>memfd:name</c>.</summary>
    Memory = 12,

    /// <summary>The path of a unix socket that takes datagrams, as the system log's.</summary>
    UnixDatagram = 13,
}
