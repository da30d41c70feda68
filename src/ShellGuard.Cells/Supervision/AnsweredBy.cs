namespace ShellGuard.Cells.Supervision;

/// <summary>Who answered a question, or why nobody did, as the journal has it.</summary>
public static class AnsweredBy
{
    public const string Person = "person";

    /// <summary>Nobody answered in the time of <c>session.ask-timeout</c>.</summary>
    public const string TimeOut = "time-out";

    /// <summary>The session has no terminal of its own.</summary>
    public const string NoTerminal = "no terminal";

    /// <summary>The terminal went away.</summary>
    public const string LostTerminal = "terminal lost";

    /// <summary>As many questions as can wait were waiting.</summary>
    public const string FullQueue = "too many questions";

    /// <summary>The journal could not be written, so nobody was asked, or the answer does not count.</summary>
    public const string Journal = "journal";

    /// <summary>The reason of the denial that follows from no, or from silence.</summary>
    public static string DenialOf(string by) => by switch
    {
        Person => "the person said no",
        TimeOut => "nobody answered in time",
        NoTerminal => "the rule says ask, and there is no terminal to ask at",
        LostTerminal => "the terminal to ask at is gone",
        FullQueue => "too many questions were waiting",
        _ => "the question could not be written into the journal",
    };
}
