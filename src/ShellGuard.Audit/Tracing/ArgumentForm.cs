namespace ShellGuard.Audit.Tracing;

/// <summary>How an argument of a call is written, after strace's way.</summary>
internal enum ArgumentForm
{
    /// <summary>An <c>int</c> in decimal.</summary>
    Number,

    /// <summary>Bits in hexadecimal.</summary>
    Flags,

    /// <summary>A pointer that is not followed.</summary>
    Address,

    /// <summary>A string that is no path.</summary>
    Text,

    PathName,

    /// <summary>A descriptor that a relative path begins at.</summary>
    DirectoryFd,

    Descriptor,

    /// <summary>A descriptor of a socket, with its protocol.</summary>
    Socket,

    OpenFlags,
    OpenHow,
    Mode,
    Arguments,

    /// <summary>The environment of a program: how many variables. Their values may be secrets.</summary>
    Variables,

    Protection,
    Namespaces,
    Capability,
    ProcessOption,
    TraceRequest,
    SeccompMode,
    BpfCommand,
    Family,
    SocketType,

    /// <summary>A socket address; the next argument is its length.</summary>
    SocketAddress,

    Message,
    Messages,
}
