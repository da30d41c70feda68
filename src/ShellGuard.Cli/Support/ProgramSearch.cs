using ShellGuard.Cells.Sessions;

namespace ShellGuard.Cli.Support;

/// <summary>Finds a program as execvp(3) does: a name with a slash is a path, any other is looked for along PATH.</summary>
internal static class ProgramSearch
{
    /// <summary>What execvp(3) takes where PATH is not set.</summary>
    private const string DefaultPath = "/bin:/usr/bin";

    /// <exception cref="SessionException">There is no such program (127), or none that may be executed (126).
    /// </exception>
    public static string Find(string name)
    {
        if (name.Contains('/'))
        {
            return name;
        }

        string? refused = null;
        foreach (string directory in (Environment.GetEnvironmentVariable("PATH") ?? DefaultPath).Split(':'))
        {
            string path = directory.Length == 0 ? name : $"{directory.TrimEnd('/')}/{name}";
            if (name.Length > 0 && File.Exists(path))
            {
                if ((File.GetUnixFileMode(path) & AnyExecute) != 0)
                {
                    return directory.Length == 0 ? $"./{name}" : path;
                }

                refused ??= path;
            }
        }

        throw refused is null
            ? new SessionException($"there is no program {name} in PATH", SessionException.NotFound)
            : new SessionException($"{refused} is not executable", SessionException.NotExecutable);
    }

    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
}
