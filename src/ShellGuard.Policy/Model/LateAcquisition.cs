namespace ShellGuard.Policy.Model;

/// <summary>What becomes of a cell with a clearance that runs and asks for something that does not go with what it has.
/// </summary>
public enum LateAcquisition
{
    /// <summary>It does not get it.</summary>
    Refuse,

    /// <summary>It does not get it, and the next command gets a cell of its own, which has nothing yet.</summary>
    Elsewhere,

    /// <summary>What is in the way is cut while the cell stands still, then it gets it.</summary>
    Sever,
}
