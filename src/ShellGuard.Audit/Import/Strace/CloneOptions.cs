namespace ShellGuard.Audit.Import.Strace;

/// <summary>What a new task shares with the one that makes it, clone(2).</summary>
[Flags]
internal enum CloneOptions
{
    None = 0,

    /// <summary>CLONE_THREAD.</summary>
    Thread = 1,

    /// <summary>CLONE_FILES.</summary>
    Files = 2,

    /// <summary>CLONE_FS.</summary>
    Directory = 4,

    /// <summary>CLONE_UNTRACED.</summary>
    Untraced = 8,
}
