namespace ShellGuard.Linux.Abi;

/// <summary>Socket types and the flags that go with them, socket(2).</summary>
[CName("SOCK_", "sys/socket.h")]
public enum SOCK
{
    STREAM = 1,
    DGRAM = 2,
    RAW = 3,
    SEQPACKET = 5,
    NONBLOCK = 0x800,
    CLOEXEC = 0x80000,
}
