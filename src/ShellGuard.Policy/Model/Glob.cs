using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ShellGuard.Policy.Model;

/// <summary>A pattern for absolute paths: <c>*</c> and <c>?</c> match within one part (a leading dot too), <c>[…]</c>
/// one character of a set (<c>!</c> or <c>^</c> negates), <c>**</c> as a whole part any number of parts. Matching time
/// grows with pattern times path, never exponentially.</summary>
public sealed class Glob
{
    private readonly string[] _parts;

    private Glob(string pattern, string[] parts)
    {
        Pattern = pattern;
        _parts = parts;
    }

    public string Pattern { get; }

    /// <summary>Reads a pattern that begins with a slash.</summary>
    public static bool TryParse(
        string pattern, [NotNullWhen(true)] out Glob? glob, [NotNullWhen(false)] out string? problem)
    {
        glob = null;
        problem = null;
        string[] parts = Split(pattern);
        foreach (string part in parts)
        {
            if (part != "**" && part.Contains("**", StringComparison.Ordinal))
            {
                problem = "** stands for whole parts of a path, as in ~/**/.env";
                return false;
            }

            if (!ClassesAreClosed(part))
            {
                problem = "a [ without its ]; a literal bracket is written [[]";
                return false;
            }
        }

        glob = new Glob(pattern, parts);
        return true;
    }

    /// <summary>Whether the text has wildcards beyond single literal characters such as <c>[*]</c>.</summary>
    public static bool TryLiteral(string text, out string literal)
    {
        var plain = new StringBuilder(text.Length);
        literal = text;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '[' && i + 2 < text.Length && text[i + 1] is '*' or '?' or '[' && text[i + 2] == ']')
            {
                plain.Append(text[i + 1]);
                i += 2;
            }
            else if (text[i] is '*' or '?' or '[')
            {
                return false;
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        literal = plain.ToString();
        return true;
    }

    /// <summary>The pattern that matches exactly this text.</summary>
    public static string Quote(string literal)
    {
        var quoted = new StringBuilder(literal.Length);
        foreach (char c in literal)
        {
            quoted.Append(c is '*' or '?' or '[' ? $"[{c}]" : c.ToString());
        }

        return quoted.ToString();
    }

    /// <summary>Whether exactly this path matches.</summary>
    public bool IsMatch(string path) => Walk(Split(path))[_parts.Length];

    /// <summary>Whether some path beneath this directory could match: whether a planner must look inside.</summary>
    public bool CouldMatchBeneath(string directory) => Walk(Split(directory)).AsSpan(0, _parts.Length).Contains(true);

    /// <summary>The highest of the path and its ancestors that matches, or null.</summary>
    public string? FindMatchedAncestor(string path)
    {
        for (int end = path.IndexOf('/', 1); end > 0; end = path.IndexOf('/', end + 1))
        {
            if (IsMatch(path[..end]))
            {
                return path[..end];
            }
        }

        return IsMatch(path) ? path : null;
    }

    /// <summary>State i is set when the first i parts of the pattern can match all parts of the path.</summary>
    private bool[] Walk(string[] path)
    {
        bool[] states = new bool[_parts.Length + 1];
        states[0] = true;
        SkipDoubleStars(states);
        foreach (string part in path)
        {
            bool[] next = new bool[states.Length];
            for (int i = 0; i < _parts.Length; i++)
            {
                if (states[i] && _parts[i] == "**")
                {
                    next[i] = true;
                }
                else if (states[i] && PartMatches(_parts[i], part))
                {
                    next[i + 1] = true;
                }
            }

            states = next;
            SkipDoubleStars(states);
        }

        return states;
    }

    private void SkipDoubleStars(bool[] states)
    {
        for (int i = 0; i < _parts.Length; i++)
        {
            if (states[i] && _parts[i] == "**")
            {
                states[i + 1] = true;
            }
        }
    }

    private static bool PartMatches(string pattern, string text)
    {
        int p = 0;
        int t = 0;
        int star = -1;
        int starText = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                starText = t;
            }
            else if (p < pattern.Length && OneMatches(pattern, p, text[t], out int next))
            {
                p = next;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++starText;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*')
        {
            p++;
        }

        return p == pattern.Length;
    }

    private static bool OneMatches(string pattern, int at, char c, out int next)
    {
        next = at + 1;
        if (pattern[at] != '[')
        {
            return pattern[at] == '?' || pattern[at] == c;
        }

        int end = ClassEnd(pattern, at);
        next = end + 1;
        int i = at + 1;
        bool negated = pattern[i] is '!' or '^';
        i += negated ? 1 : 0;
        bool found = false;
        while (i < end)
        {
            if (i + 2 < end && pattern[i + 1] == '-')
            {
                found |= pattern[i] <= c && c <= pattern[i + 2];
                i += 3;
            }
            else
            {
                found |= pattern[i] == c;
                i++;
            }
        }

        return found != negated;
    }

    /// <summary>The index of the <c>]</c> that closes a set; one that stands first is a member. -1 when open.</summary>
    private static int ClassEnd(string pattern, int at)
    {
        int first = at + 1;
        if (first < pattern.Length && pattern[first] is '!' or '^')
        {
            first++;
        }

        return first + 1 <= pattern.Length ? pattern.IndexOf(']', first + 1) : -1;
    }

    private static bool ClassesAreClosed(string part)
    {
        for (int i = 0; i < part.Length; i++)
        {
            if (part[i] == '[')
            {
                i = ClassEnd(part, i);
                if (i < 0)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static string[] Split(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);
}
