namespace ShellGuard.Leash.Configuration;

/// <summary>What the first stage of a pipeline reads.</summary>
public enum StandardInput
{
    /// <summary>The leash's own standard input, or the terminal.</summary>
    Inherit,

    /// <summary>Nothing: /dev/null.</summary>
    Null,
}
