namespace ShellGuard.Cells.Walls;

/// <summary>What a command in the lobby has as a standard descriptor.</summary>
internal enum LobbyFileKind
{
    /// <summary>Closed, or the null device.</summary>
    Nothing,

    /// <summary>The lobby's own terminal: the person.</summary>
    Person,

    Pipe,

    /// <summary>A regular file that has a name in the lobby.</summary>
    File,

    /// <summary>Anything else, such as another terminal or a socket: whoever has the other end is in the lobby.</summary>
    Other,
}
