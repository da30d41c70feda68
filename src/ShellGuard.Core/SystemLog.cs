namespace ShellGuard.Core;

/// <summary>The system log as syslog(3) and journald's clients reach it: by unix datagrams, which no cell can send.</summary>
public static class SystemLog
{
    /// <summary>What a journal names as refused when a program in a cell wants to write there.</summary>
    public const string RefusedSocket = "socket AF_UNIX SOCK_DGRAM";

    /// <summary>Whether this is a place where the log is written to; /dev/log is a link on systems with journald.</summary>
    public static bool IsAt(string path) => path is "/dev/log" or "/run/systemd/journal/dev-log" or "/run/systemd/journal/socket"
        or "/run/systemd/journal/syslog";
}
