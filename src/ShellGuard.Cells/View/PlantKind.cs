namespace ShellGuard.Cells.View;

/// <summary>What is planted.</summary>
public enum PlantKind
{
    /// <summary>A white-out: the name does not exist in the cell, whatever the host has or gets.</summary>
    Whiteout,

    /// <summary>A file that stands in for the host's.</summary>
    File,

}
