using System.Text;

namespace ShellGuard.Leash.Lint;

/// <summary>What names look like: two with the same skeleton are easily taken for each other.</summary>
public static class Lookalikes
{
    /// <summary>Letters of other scripts, digits, and the Latin letters that they are read as.</summary>
    private const string From = "01|\u0430\u0435\u043e\u0440\u0441\u0445\u0443\u0456\u0458\u0455\u04bb\u03bf\u03b1\u03bd\u03b9\u0501\u051b\uff0d\u2010\u2011\u2012\u2013_";

    private const string To = "oll" + "aeopcxyijshoavidq" + "------";

    /// <summary>The skeleton: lower case, look-alikes mapped, runs of blanks as one, marks left out.</summary>
    public static string Skeleton(string name)
    {
        StringBuilder skeleton = new(name.Length);
        foreach (char c in name.ToLowerInvariant())
        {
            int known = From.IndexOf(c, StringComparison.Ordinal);
            char shown = known >= 0 ? To[known] : char.IsWhiteSpace(c) ? ' ' : c;
            bool invisible = char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.Format
                or System.Globalization.UnicodeCategory.NonSpacingMark;
            if (!invisible && !(shown == ' ' && skeleton.Length > 0 && skeleton[^1] == ' '))
            {
                skeleton.Append(shown);
            }
        }

        return skeleton.ToString().Replace("rn", "m", StringComparison.Ordinal).Replace("vv", "w", StringComparison.Ordinal);
    }
}
