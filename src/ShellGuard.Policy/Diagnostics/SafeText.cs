using System.Globalization;
using System.Text;

namespace ShellGuard.Policy.Diagnostics;

/// <summary>Text that was written by someone else, made fit for a terminal.</summary>
public static class SafeText
{
    /// <summary>Replaces what a terminal acts on or cannot show (controls, bidirectional marks, invisible format
    /// characters, unpaired surrogates) by one visible character, so that columns stay where they were.</summary>
    public static string OneToOne(string text)
    {
        if (text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0)
        {
            return text;
        }

        var safe = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            safe.Append(IsSafe(rune) ? rune.ToString() : rune.Value == '\t' ? " " : "\uFFFD");
        }

        return safe.ToString();
    }

    /// <summary>Writes the same characters as <c>\u{HEX}</c>, so that nothing is lost.</summary>
    public static string Escape(string text)
    {
        if (text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0)
        {
            return text;
        }

        var safe = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            safe.Append(IsSafe(rune) ? rune.ToString() : $"\\u{{{rune.Value:X}}}");
        }

        return safe.ToString();
    }

    /// <summary>As <see cref="Escape"/>, cut to about <paramref name="maximum"/> characters.</summary>
    public static string Shorten(string text, int maximum)
    {
        if (text.Length <= maximum)
        {
            return Escape(text);
        }

        int end = char.IsHighSurrogate(text[maximum - 1]) ? maximum - 1 : maximum;
        return Escape(text[..end]) + "…";
    }

    private static bool IsSafe(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned);
}
