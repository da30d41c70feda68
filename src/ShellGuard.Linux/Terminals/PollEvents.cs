namespace ShellGuard.Linux.Terminals;

/// <summary>What poll(2) waits for and reports; the kernel's bits.</summary>
[Flags]
public enum PollEvents
{
    None = 0,
    POLLIN = 0x1,
    POLLPRI = 0x2,
    POLLOUT = 0x4,
    POLLERR = 0x8,
    POLLHUP = 0x10,
    POLLNVAL = 0x20,
}
