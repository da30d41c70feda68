using System.Text;

namespace ShellGuard.Audit.Reports.Document;

/// <summary>Makes texts harmless in languages of markup.</summary>
internal static class Markup
{
    /// <summary>For HTML and SVG, in texts and in attributes with double quotes.</summary>
    public static string Html(string text)
    {
        StringBuilder safe = new(text.Length + 16);
        foreach (char letter in text)
        {
            safe.Append(letter switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                '\'' => "&#39;",
                _ => letter.ToString(),
            });
        }

        return safe.ToString();
    }

    /// <summary>For Markdown: every character that could mean something has a backslash, also where it would only make a
    /// link of an address.</summary>
    public static string Markdown(string text)
    {
        StringBuilder safe = new(text.Length + 16);
        foreach (char letter in text)
        {
            if (char.IsAscii(letter) && (char.IsPunctuation(letter) || char.IsSymbol(letter)) && letter is not ('/' or ',' or '\'' or ';' or '%'))
            {
                safe.Append('\\');
            }

            safe.Append(letter);
        }

        return safe.ToString();
    }
}
