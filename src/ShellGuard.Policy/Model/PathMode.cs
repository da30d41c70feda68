namespace ShellGuard.Policy.Model;

/// <summary>What a cell may do with a path.</summary>
public enum PathMode
{
    /// <summary>Shown as it is on the host; cannot be changed.</summary>
    ReadOnly,

    /// <summary>Shown; changes go to the session's layer.</summary>
    CopyOnWrite,

    /// <summary>Shown; changes go to the host at once.</summary>
    Direct,

    /// <summary>Not there at all, whether or not it exists on the host.</summary>
    Hidden,
}
