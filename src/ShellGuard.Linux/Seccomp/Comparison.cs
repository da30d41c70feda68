namespace ShellGuard.Linux.Seccomp;

/// <summary>How a masked argument is compared with a value.</summary>
public enum Comparison
{
    Equal,
    NotEqual,
}
