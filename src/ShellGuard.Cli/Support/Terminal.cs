using System.Text;
using System.Text.Json;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cells.Terminals;
using ShellGuard.Core;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cli.Support;

/// <summary>What is written to whom: tables and JSON to standard output, complaints to standard error.</summary>
internal static class Terminal
{
    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Standard output; flushed at the end, before a question, and where somebody waits for a line.</summary>
    public static TextWriter Out { get; set; } = new StreamWriter(OpenOutput(), _utf8, 16 * 1024);

    /// <summary>Standard error, not buffered.</summary>
    public static TextWriter Error { get; set; } = new StreamWriter(OpenError(), _utf8) { AutoFlush = true };

    /// <summary>Standard output for bytes; flush <see cref="Out"/> first.</summary>
    public static Stream OpenOutput() => new StandardStream(1, mayFail: false);

    public static Stream OpenError() => new StandardStream(2, mayFail: true);

    /// <summary>Whether standard output wants colours: a terminal, no NO_COLOR, not a dumb one.</summary>
    public static bool Colour => !Console.IsOutputRedirected && WantsColour;

    /// <summary>Whether standard error wants colours.</summary>
    public static bool ErrorColour => !Console.IsErrorRedirected && WantsColour;

    /// <summary>Characters in a row of standard output, and of standard error.</summary>
    public static int Columns => ColumnsOf(1);

    /// <inheritdoc cref="Columns"/>
    public static int ErrorColumns => ColumnsOf(2);

    /// <summary>Whether a person can be asked.</summary>
    public static bool CanAsk => !Console.IsInputRedirected && !Console.IsErrorRedirected;

    /// <summary>One line on standard error. Nothing in it acts on the terminal.</summary>
    public static void Complain(string message)
    {
        try
        {
            // What was said before stands before it.
            Out.Flush();
        }
        catch (OutputException)
        {
            // The complaint is said all the same; the status tells the rest.
        }

        Error.WriteLine($"shellguard: {SafeText.Message(message.ReplaceLineEndings(" "))}");
    }

    /// <summary>Asks on standard error, so that a piped standard output stays clean.</summary>
    /// <returns>What was typed, trimmed and in lower case; null at the end of the input.</returns>
    /// <exception cref="SessionException">Nothing can be read.</exception>
    public static string? Ask(string question)
    {
        Out.Flush();
        Error.Write(question);
        using StreamReader input = new(new StandardStream(0, mayFail: true), _utf8, detectEncodingFromByteOrderMarks: false, bufferSize: 1);
        try
        {
            return input.ReadLine()?.Trim().ToLowerInvariant();
        }
        catch (IOException failure)
        {
            throw new SessionException($"the answer cannot be read: {failure.Message}");
        }
    }

    /// <summary>Writes one JSON document with a line feed after it.</summary>
    public static void WriteJson(Action<Utf8JsonWriter> write, bool indented = true)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = indented }))
        {
            write(json);
        }

        Out.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));
    }

    /// <summary>Text in a colour of the eight; as it is where there are none.</summary>
    public static string Paint(string text, Paint paint) => Paint(text, paint, Colour);

    /// <summary>Lines of unified diffs, whose control characters are escaped, in the colours that people know.</summary>
    public static string PaintDiff(string lines, bool colour) => !colour
        ? lines
        : string.Join('\n', lines.Split('\n').Select(line => Paint(line, PaintOf(line), colour)));

    /// <summary>What is no terminal has rows of this length.</summary>
    private const int NoWindow = 100;

    private static int ColumnsOf(int number)
    {
        if (DescriptorIo.Duplicate(number, out Descriptor terminal).Failed)
        {
            return NoWindow;
        }

        using (terminal)
        {
            return Linux.Terminals.Terminal.GetSize(terminal, out WindowSize size).Succeeded && size.Columns > 0 ? size.Columns : NoWindow;
        }
    }

    private static bool WantsColour => RelayOptions.WantsColour(
        Environment.GetEnvironmentVariable("NO_COLOR"), Environment.GetEnvironmentVariable("TERM"));

    private static Paint PaintOf(string line) =>
        line.StartsWith("--- ", StringComparison.Ordinal) || line.StartsWith("+++ ", StringComparison.Ordinal)
            || line.StartsWith("diff --git ", StringComparison.Ordinal) ? Support.Paint.Bold
        : line.StartsWith('-') ? Support.Paint.Red
        : line.StartsWith('+') ? Support.Paint.Green
        : line.StartsWith("@@ ", StringComparison.Ordinal) ? Support.Paint.Faint
        : Support.Paint.None;

    /// <summary>Text in a colour where there are some.</summary>
    public static string Paint(string text, Paint paint, bool colour) =>
        colour && paint != Support.Paint.None ? $"\e[{(int)paint}m{text}\e[0m" : text;
}
