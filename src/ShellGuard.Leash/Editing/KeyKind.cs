namespace ShellGuard.Leash.Editing;

/// <summary>What a key does at the prompt.</summary>
public enum KeyKind
{
    /// <summary>Nothing: keys of history, suspension and everything unknown.</summary>
    Ignored,

    /// <summary>Text.</summary>
    Text,

    Enter,
    Interrupt,
    EndOfFile,
    Left,
    Right,
    Home,
    End,
    WordLeft,
    WordRight,
    Backspace,
    Delete,
    BackspaceWord,
    DeleteWord,
    DeleteToStart,
    DeleteToEnd,
    Complete,
    Redraw,
}
