namespace ShellGuard.Linux.Abi;

/// <summary>Events of poll(2), as far as they are used here.</summary>
[Flags]
[CName("POLL", "poll.h")]
internal enum POLL : short
{
    IN = 1,
    ERR = 8,
    HUP = 16,
}
