namespace ShellGuard.Policy.Lint;

/// <summary>How a person who can choose no argument may still steer a program.</summary>
public enum EscapeClass
{
    /// <summary>None of them: ownership, hashes, names.</summary>
    None = 0,

    /// <summary>It has a prompt of its own that starts programs.</summary>
    E1 = 1,

    /// <summary>It starts a pager, an editor or a browser.</summary>
    E2 = 2,

    /// <summary>Its loader or interpreter listens to variables.</summary>
    E3 = 3,

    /// <summary>It reads configuration from the directory in which it runs.</summary>
    E4 = 4,

    /// <summary>It reads files that others can write.</summary>
    E5 = 5,

    /// <summary>What it reads is code.</summary>
    E6 = 6,

    /// <summary>It writes where others choose the file.</summary>
    E7 = 7,

    /// <summary>It finds its helpers by name.</summary>
    E8 = 8,
}
