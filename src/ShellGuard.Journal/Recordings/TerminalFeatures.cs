namespace ShellGuard.Journal.Recordings;

/// <summary>What <see cref="TerminalSanitizer"/> lets through beyond text, colours and screen layout. Each acts on
/// the viewer's keyboard, mouse or ears.</summary>
[Flags]
public enum TerminalFeatures
{
    None = 0,

    /// <summary>BEL.</summary>
    Bell = 1,

    /// <summary>Mouse reports: DEC private modes 9, 1000 to 1003, 1005, 1006, 1015, 1016.</summary>
    Mouse = 2,

    /// <summary>DEC private mode 2004.</summary>
    BracketedPaste = 4,

    /// <summary>DEC private mode 1004.</summary>
    FocusEvents = 8,

    /// <summary>OSC 52 that sets the clipboard; never one that asks for it.</summary>
    Clipboard = 16,
}
