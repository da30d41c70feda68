namespace ShellGuard.Core;

/// <summary>What a rule says about an access. The numbers are frozen: they stand in journals.</summary>
public enum Decision
{
    /// <summary>The access is not granted. The default of everything.</summary>
    Deny = 0,

    /// <summary>The access is granted.</summary>
    Allow = 1,

    /// <summary>A person decides while the program waits.</summary>
    Ask = 2,
}
