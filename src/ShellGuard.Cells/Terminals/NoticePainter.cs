using System.Text;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cells.Terminals;

/// <summary>Draws notices among a program's output so that neither spoils the other. The stream has to be between two
/// sequences (<see cref="TerminalStream.InString"/> is false).</summary>
internal static class NoticePainter
{
    private const string Name = "shellguard: ";

    /// <summary>A notice on the main screen. On a fresh line it is simply a line. In the middle of a line (a prompt, a
    /// progress bar) the line is cleared, the notice takes its place, and the line is drawn again below it.</summary>
    internal static byte[] Line(string notice, TerminalStream stream, WindowSize size, bool colour)
    {
        LineMemory line = stream.Line;
        var text = new MemoryStream();
        bool wrapped = size.Columns > 0 && line.Width > size.Columns;
        bool keepsLine = line.IsSpoiled || wrapped;
        Write(text, keepsLine ? "\r\n" : line.IsEmpty ? "" : "\r");

        // ESC [ K after the reset, so that it clears with the terminal's own background.
        Write(text, CharacterSet(stream.Modes) + "\e[0m\e[K");
        Write(text, colour ? $"\e[1;33m{Name}\e[0m{notice}" : Name + notice);
        Write(text, "\r\n");
        if (line.IsSpoiled)
        {
            text.Write(line.Colours);
        }
        else
        {
            text.Write(line.ColoursAtStart);
            text.Write(line.Line);
        }

        Write(text, RestoreCharacterSet(stream.Modes));
        return text.ToArray();
    }

    /// <summary>A notice that another cell draws from here on: what the one before left of a line stays above it.</summary>
    internal static byte[] Turn(string notice, TerminalStream stream, bool colour)
    {
        string begin = stream.Line.IsEmpty ? "" : "\r\n";
        stream.Line.Reset();
        string name = colour ? $"\e[1;33m{Name}\e[0m" : Name;
        return Encoding.UTF8.GetBytes($"{begin}{CharacterSet(stream.Modes)}\e[0m\e[K{name}{notice}\r\n{RestoreCharacterSet(stream.Modes)}");
    }

    /// <summary>A notice over a full-screen program: on the last row, in reverse, cut to its width. The program's screen
    /// has to be repainted afterwards.</summary>
    internal static byte[] LastRow(string notice, TerminalStream stream, WindowSize size)
    {
        var text = new MemoryStream();
        int columns = Math.Max(1, size.Columns - 1);
        Write(text, $"\e7\e[?6l\e[{Math.Max(1, size.Rows)};1H{CharacterSet(stream.Modes)}\e[0m\e[7m");
        Write(text, Cut(Name + notice, columns));
        Write(text, "\e[K\e[0m");

        // DECRC brings back position, colours, character set and origin mode.
        Write(text, "\e8");
        return text.ToArray();
    }

    // The end of a denial is the way on; it stays when the middle does not fit.
    private static string Cut(string notice, int columns)
    {
        const int end = 24;
        return DisplayText.Width(notice) <= columns || columns < 3 * end || DisplayText.Width(notice[^end..]) > end
            ? DisplayText.Fit(notice, columns)
            : $"{DisplayText.Fit(notice[..^end], columns - end - 3)}...{notice[^end..]}";
    }

    internal static string CharacterSet(TerminalModes modes) =>
        modes.CharacterSet is null && !modes.ShiftedOut ? "" : "\e(B\x0f";

    private static string RestoreCharacterSet(TerminalModes modes) =>
        (modes.CharacterSet is { } set ? $"\e({(char)set}" : "") + (modes.ShiftedOut ? "\x0e" : "");

    private static void Write(MemoryStream stream, string text) => stream.Write(Encoding.UTF8.GetBytes(text));
}
