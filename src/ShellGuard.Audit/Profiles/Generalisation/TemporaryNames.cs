using System.Buffers;

namespace ShellGuard.Audit.Profiles.Generalisation;

/// <summary>Names that mktemp(3) and its kin make.</summary>
internal sealed class TemporaryNames : IPathRule
{
    private const int Shortest = 6, SedLength = 9;

    private static readonly SearchValues<char> CaseLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> Letters =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly string[] Places = ["/tmp", "/var/tmp", "/dev/shm", "/run/user", "/run/shm"];

    public GeneralRule Rule { get; } = new("temporary-name", "mktemp(3) makes another name in each run");

    public void Apply(PathParts path)
    {
        bool isTemporary = Array.Exists(Places, path.IsBeneath);
        if (!isTemporary && !path.IsMade)
        {
            return;
        }

        for (int part = 1; part < path.Literal.Count; part++)
        {
            // Elsewhere only the last part was made by the command itself.
            if ((isTemporary || part == path.Literal.Count - 1) && Pattern(path.Literal[part], isTemporary) is { } pattern)
            {
                path.Replace(part, pattern, Rule);
            }
        }
    }

    /// <summary>The pattern of a name with a random part, or null.</summary>
    /// <param name="name">Without slashes.</param>
    /// <param name="isTemporary">In a directory for such files also numbers and short marks count.</param>
    internal static string? Pattern(string name, bool isTemporary)
    {
        if (name.StartsWith('#') && name.EndsWith(" (deleted)", StringComparison.Ordinal))
        {
            return "[#]*";
        }

        // The longest run of letters and digits at the end, or before the last extension (mkstemps).
        int dot = name.LastIndexOf('.');
        return AtEnd(name, name.Length, isTemporary)
            ?? (dot > 0 && name.Length - dot <= 6 ? AtEnd(name, dot, isTemporary) : null);
    }

    private static string? AtEnd(string name, int end, bool isTemporary)
    {
        int start = end;
        while (start > 0 && (char.IsAsciiLetterOrDigit(name[start - 1]) || name[start - 1] == '_'))
        {
            start--;
        }

        ReadOnlySpan<char> run = name.AsSpan(start, end - start);
        if (!isTemporary)
        {
            // sed -i makes its file beside the one that it changes.
            if (name.Length == SedLength && run.Length == SedLength && run.StartsWith("sed"))
            {
                return "sed??????";
            }

            // Anything may stand in such a directory: without a name in front the pattern would mean all of it.
            return name.AsSpan(0, start).ContainsAny(Letters) && IsStrong(run) ? Policy.Model.Glob.Quote(name[..start]) + "*" + Policy.Model.Glob.Quote(name[end..]) : null;
        }

        // Python: tmp and eight of [a-z0-9_]; gcc: cc and six; without a mark in front the run has the prefix in it.
        foreach (string prefix in (string[])["tmp", "cc", "sess_", ""])
        {
            if (run.StartsWith(prefix) && IsRandom(run[prefix.Length..], prefix.Length > 0))
            {
                return Policy.Model.Glob.Quote(name[..(start + prefix.Length)]) + "*" + Policy.Model.Glob.Quote(name[end..]);
            }
        }

        return null;
    }

    private static bool IsRandom(ReadOnlySpan<char> run, bool hasPrefix)
    {
        if (run.Length < Shortest)
        {
            return false;
        }

        bool lower = run.ContainsAnyInRange('a', 'z'), upper = run[1..].ContainsAnyInRange('A', 'Z'), digit = run.ContainsAnyInRange('0', '9');
        return (upper && (lower || digit)) || (lower && digit && HasDigitInside(run)) || (digit && !lower && !upper)
            || (hasPrefix && run.Length is 6 or 8);
    }

    /// <summary>Upper and lower case and digits, which change at every second letter: no words, as MyTool2 has.</summary>
    private static bool IsStrong(ReadOnlySpan<char> run)
    {
        int changes = 0;
        for (int index = 1; index < run.Length; index++)
        {
            changes += Class(run[index]) != Class(run[index - 1]) ? 1 : 0;
        }

        return run.Length >= Shortest && changes * 2 >= run.Length && run.ContainsAnyInRange('A', 'Z') && run.ContainsAnyInRange('a', 'z')
            && run.IndexOfAnyInRange('0', '9') is >= 0 and int digit && run[digit..].ContainsAny(CaseLetters);
    }

    private static int Class(char letter) => char.IsAsciiDigit(letter) ? 0 : char.IsAsciiLetterUpper(letter) ? 1 : 2;

    // file2024 is a name, k3j9x2 is none.
    private static bool HasDigitInside(ReadOnlySpan<char> run)
    {
        int first = run.IndexOfAnyInRange('0', '9');
        return run[first..].ContainsAnyInRange('a', 'z');
    }
}
