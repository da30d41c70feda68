using System.Text;

namespace ShellGuard.Core;

/// <summary>Names of code as people and programs read them in files: <c>SessionStart</c> becomes
/// <c>session-start</c>.</summary>
public static class KebabCase
{
    public static string Of(string name)
    {
        StringBuilder text = new(name.Length + 4);
        foreach (char letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0)
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
