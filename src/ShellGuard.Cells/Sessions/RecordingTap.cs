using ShellGuard.Cells.Terminals;
using ShellGuard.Journal;
using ShellGuard.Journal.Recordings;

namespace ShellGuard.Cells.Sessions;

/// <summary>Records what passes the terminal. The file is made with the first size, which its header needs.</summary>
internal sealed class RecordingTap : ITerminalTap, IDisposable
{
    private readonly AsciicastWriter _writer;
    private readonly bool _input;

    private RecordingTap(AsciicastWriter writer, bool input)
    {
        _writer = writer;
        _input = input;
    }

    /// <exception cref="SessionException">The file cannot be made.</exception>
    public static RecordingTap Create(string path, bool input, JournalClock clock, string? term, string? shell)
    {
        AsciicastHeader header = new(80, 24, clock.Start.ToUnixTimeSeconds(), term, shell);
        return AsciicastWriter.TryCreate(path, header, clock, out AsciicastWriter? writer, out string? error)
            ? new RecordingTap(writer, input)
            : throw new SessionException(error);
    }

    public void Output(ReadOnlySpan<byte> bytes) => Check(_writer.Output(bytes));

    public void Input(ReadOnlySpan<byte> bytes)
    {
        if (_input)
        {
            Check(_writer.Input(bytes));
        }
    }

    public void Resize(int columns, int rows) => Check(_writer.Resize(columns, rows));

    /// <summary>The file's SHA-256, or null when it is not whole.</summary>
    public string? Close() => _writer.Close(out string? sha256) ? sha256 : null;

    public void Dispose() => _writer.Dispose();

    /// <summary>What cannot be recorded must not be shown: the exception ends the relay, and that the session.</summary>
    private void Check(bool written)
    {
        if (!written)
        {
            throw new SessionException($"the recording cannot be written: {_writer.Failure}");
        }
    }
}
