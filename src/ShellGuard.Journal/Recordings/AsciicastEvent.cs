namespace ShellGuard.Journal.Recordings;

/// <summary>One line of a recording after the first.</summary>
/// <param name="Seconds">Since the start.</param>
/// <param name="Code"><c>o</c> output, <c>i</c> input, <c>r</c> resize, <c>m</c> marker; others are passed over.
/// </param>
/// <param name="Data">What was written, <c>COLUMNSxROWS</c>, or a marker's label.</param>
public sealed record AsciicastEvent(double Seconds, char Code, string Data)
{
    public const char Output = 'o';
    public const char Input = 'i';
    public const char Resize = 'r';
    public const char Marker = 'm';
}
