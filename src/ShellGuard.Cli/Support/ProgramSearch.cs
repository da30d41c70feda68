using ShellGuard.Cells.Planning;
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

        HostFiles host = new();
        string? refused = null;
        foreach (string directory in (Environment.GetEnvironmentVariable("PATH") ?? DefaultPath).Split(':'))
        {
            string path = directory.Length == 0 ? $"./{name}" : $"{directory.TrimEnd('/')}/{name}";
            if (host.IsExecutable(path))
            {
                return path;
            }

            refused ??= name.Length > 0 && host.KindOf(path) is HostFileKind.File ? path : null;
        }

        throw refused is null
            ? new SessionException($"there is no program {name} in PATH", SessionException.NotFound)
            : new SessionException($"{refused} is not executable", SessionException.NotExecutable);
    }
}
