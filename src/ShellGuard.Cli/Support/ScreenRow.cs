namespace ShellGuard.Cli.Support;

/// <summary>A row of a screen: safe text, whose beginning may stand out.</summary>
/// <param name="Title">What stands out.</param>
/// <param name="Text">What stands behind it.</param>
/// <param name="Paint">How the title stands out.</param>
internal readonly record struct ScreenRow(string Title, string Text = "", Paint Paint = Paint.None)
{
    /// <summary>Whether it is told whole, however many rows that takes.</summary>
    public bool MayWrap { get; init; }

    /// <summary>Rows that it takes.</summary>
    public int Height(int columns) => MayWrap ? Math.Max(1, (Title.Length + Text.Length + columns - 1) / columns) : 1;

    /// <summary>No longer than a row takes; what is left out is marked.</summary>
    public ScreenRow Cut(int columns) =>
        MayWrap || Title.Length + Text.Length <= columns ? this
        : Title.Length >= columns ? new ScreenRow(Cut(Title, columns), "", Paint)
        : this with { Text = Cut(Text, columns - Title.Length) };

    public string Painted(bool colour) => Terminal.Paint(Title, Paint, colour) + Text;

    private static string Cut(string text, int characters)
    {
        int end = Math.Max(0, characters - 1);
        return text[..(end > 0 && char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)] + "…";
    }
}
