namespace ShellGuard.Linux.Seccomp;

/// <summary>In one word, what the table says of a system call.</summary>
public enum Disposition
{
    Passed,
    Denied,
    Mediated,

    /// <summary>Its arguments decide.</summary>
    Partly,
}
