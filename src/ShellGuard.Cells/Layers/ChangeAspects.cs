namespace ShellGuard.Cells.Layers;

/// <summary>In what a modified path differs from the host's.</summary>
[Flags]
public enum ChangeAspects
{
    None = 0,
    Content = 1,
    Mode = 2,
    Owner = 4,

    /// <summary>Extended attributes and access control lists.</summary>
    Attributes = 8,

    /// <summary>The target of a symbolic link.</summary>
    Target = 16,

    /// <summary>It has become another name of a file that the host keeps apart.</summary>
    Links = 32,

    /// <summary>Only the time of last modification; reported on request.</summary>
    Times = 64,
}
