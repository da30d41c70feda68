using System.Globalization;
using ShellGuard.Core;

namespace ShellGuard.Leash.Editing;

/// <summary>Draws the line in one row of the terminal, whatever its width: what does not fit is scrolled out.</summary>
public static class LineView
{
    /// <summary>l8ash's.</summary>
    public const string Prompt = "|x|> ";

    /// <summary>The row as text with control sequences. The cursor is put where it belongs by remembering the place between
    /// head and tail (DECSC, DECRC), so that nobody has to know how wide a character is shown.</summary>
    /// <param name="columns">The terminal's width.</param>
    public static string Draw(EditBuffer buffer, int columns)
    {
        int room = Math.Max(2, columns - Prompt.Length - 1);
        string head = LastThatFits(SafeText.OneToOne(buffer.Head), room);
        string tail = FirstThatFits(SafeText.OneToOne(buffer.Tail), room - Width(head));
        return $"\r{Prompt}{head}\e7{tail}\e[K\e8";
    }

    private static string LastThatFits(string text, int columns)
    {
        int[] starts = StringInfo.ParseCombiningCharacters(text);
        int width = 0;
        int at = text.Length;
        for (int i = starts.Length - 1; i >= 0; i--)
        {
            width += Width(text[starts[i]..at]);
            if (width > columns)
            {
                return text[at..];
            }

            at = starts[i];
        }

        return text;
    }

    private static string FirstThatFits(string text, int columns)
    {
        int[] starts = StringInfo.ParseCombiningCharacters(text);
        int width = 0;
        for (int i = 0; i < starts.Length; i++)
        {
            int end = i + 1 < starts.Length ? starts[i + 1] : text.Length;
            width += Width(text[starts[i]..end]);
            if (width > columns)
            {
                return text[..starts[i]];
            }
        }

        return text;
    }

    /// <summary>Columns that a text takes at most: a character outside of ASCII may take two.</summary>
    private static int Width(string text)
    {
        int width = 0;
        foreach (int start in StringInfo.ParseCombiningCharacters(text))
        {
            width += text[start] < 0x80 ? 1 : 2;
        }

        return width;
    }
}
