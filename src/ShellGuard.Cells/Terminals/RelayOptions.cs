namespace ShellGuard.Cells.Terminals;

/// <summary>What a <see cref="TerminalRelay"/> connects besides bytes.</summary>
public sealed record RelayOptions
{
    /// <summary>Leaves out what acts outside the cell: clipboard, function keys, printer, title report; see
    /// docs/terminal.md.</summary>
    public bool FilterOutput { get; init; } = true;

    /// <summary>Whether the first cell may set the person's clipboard.</summary>
    public bool Clipboard { get; init; }

    /// <summary>Whose output the terminal shows first, where cells with labels have it; null where there are none. Then the last
    /// row says it, no cell draws there, and the window's title says it too.</summary>
    public string? Label { get; init; }

    /// <summary>Whether of what the first cell writes only what draws is shown: it has a label itself.</summary>
    public bool OnlyDraws { get; init; }

    /// <summary>What the person's terminal has, terminfo(5).</summary>
    public TerminalAbilities Abilities { get; init; } = TerminalAbilities.All;

    /// <summary>Whether notices and questions have colours (NO_COLOR is not set).</summary>
    public bool Colour { get; init; }

    /// <summary>The recorder.</summary>
    public ITerminalTap? Tap { get; init; }

    public OutputLane? Notices { get; init; }

    /// <summary>The relay closes it when it ends: a dead terminal denies.</summary>
    public TerminalQuestions? Questions { get; init; }

    /// <summary>The command as a job; null where nobody says when it stops.</summary>
    public CellJob? Job { get; init; }

    /// <summary>Whether the relay also ends when no program has the cell's terminal open any more. Off, because that
    /// moment comes before the first program has opened it, and a program may close it and open /dev/tty later; then
    /// only <see cref="TerminalRelay.CellEnded"/> ends the relay.</summary>
    public bool EndOnHangUp { get; init; }

    /// <summary>Whether a person wants colours, from the environment: NO_COLOR is unset or empty, and the terminal is
    /// not a dumb one.</summary>
    public static bool WantsColour(string? noColor, string? term) =>
        string.IsNullOrEmpty(noColor) && !string.IsNullOrEmpty(term) && term != "dumb";
}
