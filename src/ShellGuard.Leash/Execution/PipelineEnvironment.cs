using ShellGuard.Leash.Configuration;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Leash.Execution;

/// <summary>The environment of a pipeline: put together from nothing. What the caller sends decides about language and
/// terminal only, and only where it looks like one.</summary>
public static class PipelineEnvironment
{
    private const int LongestValue = 64;

    /// <summary>Pagers that give no shell, for programs that would start one on a terminal.</summary>
    private static readonly KeyValuePair<string, string>[] Tame =
    [
        new("LESSSECURE", "1"), new("PAGER", "cat"), new("MANPAGER", "cat"), new("GIT_PAGER", "cat"),
        new("SYSTEMD_PAGER", "cat"), new("SYSTEMD_PAGERSECURE", "1"),
    ];

    private static readonly string[] Language =
    [
        "LANG", "LANGUAGE", "LC_ALL", "LC_COLLATE", "LC_CTYPE", "LC_MESSAGES", "LC_MONETARY", "LC_NUMERIC", "LC_TIME",
    ];

    /// <summary>Builds it as <c>NAME=VALUE</c>, sorted by name.</summary>
    /// <param name="caller">The caller's environment.</param>
    /// <param name="root">Where a cell keeps its session.</param>
    public static IReadOnlyList<string> Build(
        LeashEntry entry, LeashSettings settings, Account user, IReadOnlyDictionary<string, string> caller, string root)
    {
        SortedDictionary<string, string> variables = new(StringComparer.Ordinal)
        {
            ["PATH"] = settings.Path,
            ["HOME"] = user.Home,
            ["USER"] = user.Name,
            ["LOGNAME"] = user.Name,
        };
        foreach ((string name, string value) in Tame)
        {
            variables[name] = value;
        }

        foreach (string name in Language.Append("TERM"))
        {
            // A locale or a terminal with a slash would be a path of the caller's choice.
            if (caller.TryGetValue(name, out string? value) && IsPlain(value))
            {
                variables[name] = value;
            }
        }

        foreach (string name in settings.InheritedVariables)
        {
            if (caller.TryGetValue(name, out string? value))
            {
                variables[name] = value;
            }
        }

        // Another user's sessions are kept where that user's are.
        if (entry is { InCell: true, User: null })
        {
            variables["SHELLGUARD_STATE"] = root;
        }

        foreach ((string name, string value) in entry.Environment)
        {
            variables[name] = value;
        }

        return [.. variables.Select(variable => $"{variable.Key}={variable.Value}")];
    }

    private static bool IsPlain(string value) => value.Length is > 0 and <= LongestValue
        && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '@' or '+' or ':');
}
