namespace ShellGuard.Leash.Lines;

/// <summary>One line that was given as a whole: <c>-c</c>, or what ssh was asked to run. A line feed in it is a character
/// like any other, and one that no name has.</summary>
/// <param name="text">Its bytes.</param>
public sealed class SingleLine(byte[] text) : ILineReader
{
    private bool _read;

    public bool Next(out byte[] line)
    {
        line = text;
        bool first = !_read;
        _read = true;
        return first;
    }
}
