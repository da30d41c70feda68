namespace ShellGuard.Cells.Layers;

/// <summary>What became of a path.</summary>
public enum ChangeKind
{
    /// <summary>The host has nothing there.</summary>
    Added = 0,

    /// <summary>Content, a link's target or attributes differ; <see cref="ChangeAspects"/> says which.</summary>
    Modified = 1,

    /// <summary>The host's file, or its directory with everything in it, is gone.</summary>
    Deleted = 2,

    /// <summary>The host has something of another type there.</summary>
    Replaced = 3,
}
