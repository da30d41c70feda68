namespace ShellGuard.Cells.Verification;

/// <summary>What running without one capability showed.</summary>
/// <param name="Capability">Its name.</param>
/// <param name="Verdict">Whether it is needed.</param>
/// <param name="Text">What differed, or why nothing could be decided.</param>
public sealed record AblationFinding(string Capability, AblationVerdict Verdict, string Text);

/// <summary>Whether a command needs something.</summary>
public enum AblationVerdict
{
    /// <summary>It ends otherwise or writes something else without it.</summary>
    Needed,

    /// <summary>It ends and writes the same without it; something was denied.</summary>
    OnlyDenied,

    /// <summary>Nothing is different without it.</summary>
    NotNeeded,

    /// <summary>The runs cannot be compared.</summary>
    Undecided,
}
