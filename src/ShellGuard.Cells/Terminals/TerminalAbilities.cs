namespace ShellGuard.Cells.Terminals;

/// <summary>What of a person's terminal is used to say who has it.</summary>
/// <param name="Title">A title.</param>
/// <param name="ScrollRegion">A scroll region, DECSTBM.</param>
public readonly record struct TerminalAbilities(bool Title, bool ScrollRegion)
{
    public static TerminalAbilities All => new(Title: true, ScrollRegion: true);

    /// <param name="term">The name in TERM. Consoles and the terminals of old have no title; what is not known to move a cursor has
    /// nothing.</param>
    public static TerminalAbilities Of(string? term)
    {
        bool moves = !string.IsNullOrEmpty(term) && term is not ("dumb" or "ansi" or "unknown" or "emacs" or "cons25" or "network");
        return new(
            Title: moves && !term!.StartsWith("linux", StringComparison.Ordinal) && !term.StartsWith("vt", StringComparison.Ordinal),
            ScrollRegion: moves && term is not ("vt52" or "vt50"));
    }
}
