namespace ShellGuard.Linux.Abi;

/// <summary>Signals that ShellGuard sends, forwards or waits for, signal(7).</summary>
[CName("SIG", "signal.h")]
public static class SIG
{
    public const int HUP = 1;
    public const int INT = 2;
    public const int QUIT = 3;
    public const int TRAP = 5;
    public const int KILL = 9;
    public const int PIPE = 13;
    public const int TERM = 15;
    public const int CHLD = 17;
    public const int CONT = 18;
    public const int TSTP = 20;
}
