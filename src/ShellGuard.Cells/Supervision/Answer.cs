namespace ShellGuard.Cells.Supervision;

/// <summary>A person's answer to a question.</summary>
public enum Answer
{
    Deny = 0,

    /// <summary>This access only.</summary>
    Once = 1,

    /// <summary>This target for the rest of the session.</summary>
    Session = 2,

    /// <summary>This target from now on; a narrow rule is written to the user's policy.</summary>
    Always = 3,
}
