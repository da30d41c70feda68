namespace ShellGuard.Linux.Abi;

/// <summary>Flags of send(2), as far as the filter names them.</summary>
[Flags]
[CName("MSG_", "sys/socket.h")]
public enum MSG : uint
{
    DONTWAIT = 0x40,
    NOSIGNAL = 0x4000,
    FASTOPEN = 0x20000000,
}
