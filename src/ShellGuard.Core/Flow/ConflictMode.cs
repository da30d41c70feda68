namespace ShellGuard.Core.Flow;

/// <summary>For how long a sink counts. The numbers are frozen: they stand in journals.</summary>
public enum ConflictMode
{
    /// <summary>A sink counts while it can be reached. Who gave it up may take the other side.</summary>
    Flow = 0,

    /// <summary>A sink counts for ever once it could be reached, for the cell and its descendants (Brewer and Nash).</summary>
    Wall = 1,
}
