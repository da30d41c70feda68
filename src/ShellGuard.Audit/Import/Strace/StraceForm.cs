namespace ShellGuard.Audit.Import.Strace;

/// <summary>How the text of a call ends.</summary>
internal enum StraceForm
{
    /// <summary>It is not a call, or one that breaks off.</summary>
    None,

    /// <summary><c>name(…) = …</c>.</summary>
    Complete,

    /// <summary><c>name(… &lt;unfinished ...&gt;</c>: the rest comes in another line.</summary>
    Unfinished,

    /// <summary><c>name(… &lt;unfinished ...&gt;) = ?</c>: the thread ended inside.</summary>
    NeverReturned,

    /// <summary><c>execve(… &lt;pid changed to N ...&gt;</c>: the rest stands in the file of N.</summary>
    PidChanged,

    /// <summary><c>name(… &lt;detached ...&gt;</c>: the recorder left.</summary>
    Detached,

    /// <summary>A call whose line breaks off before its end.</summary>
    Broken,
}
