namespace ShellGuard.Audit.Tracing;

/// <summary>Names of signals, signal(7).</summary>
internal static class SignalNames
{
    private static readonly string[] Names =
    [
        "SIG_0", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1",
        "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP",
        "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR",
        "SIGSYS",
    ];

    /// <param name="signal">1 to 64.</param>
    public static string Of(int signal) => signal < Names.Length ? Names[signal] : $"SIGRT_{signal - 32:D}";
}
