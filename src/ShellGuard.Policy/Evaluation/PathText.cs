using System.Diagnostics.CodeAnalysis;
using ShellGuard.Policy.Model;

namespace ShellGuard.Policy.Evaluation;

/// <summary>Turns a path as it is written in a rule into an absolute one. Purely textual: symbolic links are the
/// planner's matter, and so <c>..</c> is taken only where no link can stand before it.</summary>
public static class PathText
{
    private const int MaximumLength = 4096;

    /// <summary>Resolves <c>~</c>, <c>.</c>, relative paths and literal characters.</summary>
    /// <param name="text">As written.</param>
    /// <param name="context">What <c>~</c> and relative paths stand for.</param>
    /// <param name="path">Absolute, no trailing slash; a pattern when <paramref name="isGlob"/>.</param>
    /// <param name="isGlob">Whether wildcards remain.</param>
    /// <param name="problem">What is wrong, in lower case without a full stop.</param>
    public static bool TryResolve(
        string text, PolicyContext context, [NotNullWhen(true)] out string? path, out bool isGlob,
        [NotNullWhen(false)] out string? problem)
    {
        path = null;
        bool glob = !Glob.TryLiteral(text, out string literal);
        isGlob = glob;
        problem = FindProblem(text);
        if (problem is not null)
        {
            return false;
        }

        string written = isGlob ? text : literal;
        string start = "/";
        if (written[0] == '~')
        {
            start = context.Home;
            written = written[1..];
        }
        else if (written[0] != '/')
        {
            start = context.WorkingDirectory;
        }

        var parts = start.Split('/', StringSplitOptions.RemoveEmptyEntries)
            .Select(p => glob ? Glob.Quote(p) : p).ToList();
        bool named = text[0] is '~' or '/';
        foreach (string part in written.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..")
            {
                if (named)
                {
                    problem = ".. stands at the beginning of a relative path only";
                    return false;
                }

                if (parts.Count > 0)
                {
                    parts.RemoveAt(parts.Count - 1);
                }
            }
            else if (part != ".")
            {
                named = true;
                parts.Add(part);
            }
        }

        string joined = "/" + string.Join('/', parts);
        if (isGlob && !Glob.TryParse(joined, out _, out problem))
        {
            return false;
        }

        if (joined.Length > MaximumLength)
        {
            problem = $"the path is longer than {MaximumLength} characters";
            return false;
        }

        path = joined;
        return true;
    }

    /// <summary>Whether <paramref name="path"/> is <paramref name="ancestor"/> or beneath it; both
    /// normalised.</summary>
    public static bool IsAtOrBeneath(string path, string ancestor) =>
        ancestor == "/" || path == ancestor
        || (path.Length > ancestor.Length && path[ancestor.Length] == '/'
            && path.StartsWith(ancestor, StringComparison.Ordinal));

    private static string? FindProblem(string text)
    {
        if (text.Length == 0)
        {
            return "the path is empty";
        }

        if (text.Any(char.IsControl))
        {
            return "the path has a control character";
        }

        if (text[0] == '~' && text.Length > 1 && text[1] != '/')
        {
            return "~ stands for the session's own home only; write another one as an absolute path";
        }

        bool variable = text[0] == '$' && text.Length > 1 && (char.IsAsciiLetter(text[1]) || text[1] is '_' or '{');
        return variable ? "variables are not expanded here; write ~ for the home, or an absolute path" : null;
    }
}
