namespace ShellGuard.Cells.Planning;

/// <summary>What a part of the view is.</summary>
internal enum AreaKind
{
    /// <summary>The host, read-only.</summary>
    Base,

    /// <summary>An empty root.</summary>
    EmptyBase,

    /// <summary>A read-only overlay with a mask.</summary>
    Masked,

    /// <summary>A copy-on-write directory.</summary>
    Layer,

    /// <summary>A host path that is written directly.</summary>
    Direct,

    /// <summary>A host path shown read-only.</summary>
    ReadOnly,

    /// <summary>An empty directory that hides the host's.</summary>
    Cover,

    /// <summary>A private directory, such as /tmp.</summary>
    Private,
}
