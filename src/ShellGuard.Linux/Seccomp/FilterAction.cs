namespace ShellGuard.Linux.Seccomp;

/// <summary>What the filter does with a system call.</summary>
public enum FilterAction
{
    /// <summary>The kernel carries it out.</summary>
    Pass,

    /// <summary>It fails with an error number.</summary>
    Deny,

    /// <summary>It waits for the supervisor, seccomp_unotify(2).</summary>
    Mediate,

    /// <summary>The process is killed by SIGSYS.</summary>
    Kill,
}
