using System.Globalization;
using System.Text;
using ShellGuard.Core;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Audit.Export;

/// <summary>Words in a script of sh(1), so that exactly the bytes come out that the kernel gave.</summary>
internal static class ScriptWord
{
    /// <summary>A word in quotes; what a terminal would act on or hide is written by printf, octal.</summary>
    /// <param name="word">As <see cref="KernelText"/> has it: bytes that are no UTF-8 included.</param>
    public static string Quote(string word)
    {
        if (SafeText.OneToOne(word) == word)
        {
            return $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
        }

        // A command substitution takes line feeds from the end away: these stand behind it.
        string start = word.TrimEnd('\n');
        StringBuilder text = new("\"$(printf '");
        foreach (byte value in KernelText.Encode(start))
        {
            // Of a hyphen in front printf would make an option.
            text.Append((char)value switch
            {
                '%' => "%%",
                >= ' ' and <= '~' and not ('\'' or '\\' or '-') => ((char)value).ToString(),
                _ => string.Create(CultureInfo.InvariantCulture, $"\\{Convert.ToString(value, 8).PadLeft(3, '0')}"),
            });
        }

        return text.Append("')\"").Append(start.Length < word.Length ? $"'{word[start.Length..]}'" : "").ToString();
    }
}
