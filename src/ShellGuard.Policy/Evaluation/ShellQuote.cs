using System.Globalization;
using System.Text;

namespace ShellGuard.Policy.Evaluation;

/// <summary>Writes a word so that a person can paste it into a shell. For messages only: nothing here builds a command
/// that is run.</summary>
public static class ShellQuote
{
    public static string Quote(string word)
    {
        if (word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "/._-+:,@%=".Contains(c)))
        {
            return word;
        }

        if (!word.Any(c => char.IsControl(c) || c > '~'))
        {
            return $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
        }

        var quoted = new StringBuilder("$'");
        foreach (byte b in Encoding.UTF8.GetBytes(word))
        {
            quoted.Append((char)b is '\'' or '\\' ? $"\\{(char)b}"
                : b is >= 0x20 and < 0x7F ? ((char)b).ToString()
                : "\\x" + b.ToString("x2", CultureInfo.InvariantCulture));
        }

        return quoted.Append('\'').ToString();
    }
}
