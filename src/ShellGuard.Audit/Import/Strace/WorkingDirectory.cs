namespace ShellGuard.Audit.Import.Strace;

/// <summary>Working directory and root of a process, or of several that share them (CLONE_FS).</summary>
internal sealed class WorkingDirectory
{
    /// <summary>The path in the pool; 0 where it is not known.</summary>
    public int Path { get; set; }

    /// <summary>The root in the pool; 0 for the recorder's own.</summary>
    public int Root { get; set; }

    public WorkingDirectory Fork() => new() { Path = Path, Root = Root };
}
