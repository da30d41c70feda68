using ShellGuard.Cells.Planning;
using ShellGuard.Cells.Sessions;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cli.Support;

/// <summary>Finds a program as execvp(3) does: a name with a slash is a path, any other is looked for along PATH.</summary>
internal static class ProgramSearch
{
    /// <summary>What execvp(3) takes where PATH is not set.</summary>
    private const string DefaultPath = "/bin:/usr/bin";

    /// <summary>Refuses what the host could not execute either, also where the name is a path.</summary>
    /// <exception cref="SessionException">As of <see cref="Find"/>.</exception>
    public static void Require(string name)
    {
        string path = Find(name);
        LinuxResult result = Files.Open(path, OpenFlags.PATH | OpenFlags.CLOEXEC, out Descriptor found);
        using Descriptor file = found;
        if (result.Error is Errno.ENOENT or Errno.ENOTDIR)
        {
            throw new SessionException($"there is no program {path}", SessionException.NotFound);
        }

        if (result.Failed || Files.Status(file, out FileStatus status).Failed || !status.IsRegular || !Files.MayExecute(path))
        {
            throw new SessionException($"{path} is not executable", SessionException.NotExecutable);
        }
    }

    /// <summary>The path of a program; a name that is a path is not looked at.</summary>
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
