using System.Text;
using System.Text.Json;
using ShellGuard.Cells.Terminals;
using ShellGuard.Policy.Diagnostics;

namespace ShellGuard.Cli.Support;

/// <summary>What is written to whom: tables and JSON to standard output, complaints to standard error.</summary>
internal static class Terminal
{
    /// <summary>Whether standard output wants colours: a terminal, no NO_COLOR, not a dumb one.</summary>
    public static bool Colour => !Console.IsOutputRedirected && RelayOptions.WantsColour(
        Environment.GetEnvironmentVariable("NO_COLOR"), Environment.GetEnvironmentVariable("TERM"));

    /// <summary>Whether a person can be asked.</summary>
    public static bool CanAsk => !Console.IsInputRedirected && !Console.IsErrorRedirected;

    /// <summary>One line on standard error. Nothing in it acts on the terminal.</summary>
    public static void Complain(string message) =>
        Console.Error.WriteLine($"shellguard: {SafeText.Escape(message.ReplaceLineEndings(" "))}");

    /// <summary>Asks on standard error, so that a piped standard output stays clean.</summary>
    /// <returns>What was typed, trimmed and in lower case; null at the end of the input.</returns>
    public static string? Ask(string question)
    {
        Console.Error.Write(question);
        return Console.In.ReadLine()?.Trim().ToLowerInvariant();
    }

    /// <summary>Writes one JSON document with a line feed after it.</summary>
    public static void WriteJson(Action<Utf8JsonWriter> write, bool indented = true)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = indented }))
        {
            write(json);
        }

        Console.Out.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));
    }

    /// <summary>Text in a colour of the eight; as it is where there are none.</summary>
    public static string Paint(string text, Paint paint) =>
        Colour && paint != Support.Paint.None ? $"\e[{(int)paint}m{text}\e[0m" : text;
}
