namespace ShellGuard.Cells.Walls;

/// <summary>What is known of a file that has a label.</summary>
/// <param name="session">Whose commit it comes from.</param>
internal sealed class LabelledFile(string session)
{
    public string Session { get; } = session;

    public HashSet<string> Tags { get; } = new(StringComparer.Ordinal);

    /// <summary>The names that it has or had, without those from which it was looked for in vain.</summary>
    public HashSet<string> Paths { get; } = new(StringComparer.Ordinal);

    /// <summary>How many names it had when they were looked for.</summary>
    public uint Links { get; set; }

    /// <summary>What it held when it was looked at; null where its copies are not looked for any more.</summary>
    public SeenContent? Content { get; set; }
}
