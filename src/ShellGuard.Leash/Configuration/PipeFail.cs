namespace ShellGuard.Leash.Configuration;

/// <summary>Which stages decide a pipeline's status.</summary>
public enum PipeFail
{
    /// <summary>The rightmost that failed; one that only lost its reader (SIGPIPE) did not fail.</summary>
    Default,

    /// <summary>The rightmost that failed, for whatever reason.</summary>
    Strict,

    /// <summary>The last one only, as in a shell.</summary>
    Last,
}
