namespace ShellGuard.Audit.Import.Tables;

/// <summary>What may stand in a column.</summary>
internal enum ColumnKind
{
    /// <summary>A word without blanks.</summary>
    Word,

    /// <summary>A number, or what tools print for none: <c>?</c>, <c>N/A</c>.</summary>
    Number,

    /// <summary>A number or an error's name.</summary>
    Error,

    /// <summary>A number, or an error in words (<c>Address already in use</c>).</summary>
    Message,

    /// <summary>A command name: up to 15 bytes, with blanks in it (<c>tmux: server</c>).</summary>
    Command,

    /// <summary>Everything to the end of the line.</summary>
    Rest,
}
