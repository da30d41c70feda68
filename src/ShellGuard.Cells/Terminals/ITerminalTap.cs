namespace ShellGuard.Cells.Terminals;

/// <summary>Sees what passes the terminal, for the recorder. Called on the relay's thread, in order, before the bytes
/// go on; the spans are valid during the call only. What throws here ends the relay.</summary>
public interface ITerminalTap
{
    /// <summary>What is about to be shown to the person: the cell's output as filtered, and notices. Not questions.</summary>
    void Output(ReadOnlySpan<byte> bytes);

    /// <summary>What the person typed and the cell is about to get. Answers to questions are not among it.</summary>
    void Input(ReadOnlySpan<byte> bytes);

    /// <summary>The window's size, at the start and whenever it changes.</summary>
    void Resize(int columns, int rows);
}
