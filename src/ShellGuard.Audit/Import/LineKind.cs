namespace ShellGuard.Audit.Import;

/// <summary>What a line is. Every line is one of these; nothing is dropped in silence.</summary>
public enum LineKind
{
    /// <summary>A call with its result, or its end.</summary>
    Call,

    /// <summary>The beginning of a call that ends on another line.</summary>
    Unfinished,

    Signal,

    /// <summary>The end of a process, or of its recording.</summary>
    Exit,

    /// <summary>What the recorder says about itself.</summary>
    Notice,

    /// <summary>A table's header or a banner.</summary>
    Header,

    /// <summary>A stack frame, or a dump of data.</summary>
    Detail,

    /// <summary>A row of a table of counts.</summary>
    Summary,

    /// <summary>A row of a tool's table.</summary>
    Event,

    /// <summary>The recorder says that it lost events.</summary>
    Loss,

    Blank,

    Unknown,
}
