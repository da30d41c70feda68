using System.Diagnostics;

namespace ShellGuard.Escape.Tests.Support;

/// <summary>Starts programs of the host.</summary>
internal static class Programs
{
    internal static Process Start(
        IReadOnlyList<string> command,
        string directory,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

#pragma warning disable RS0030 // The host's programs are outside of every cell: this is what the ban is not about.
        return Process.Start(start)!;
#pragma warning restore RS0030
    }

    /// <summary>Runs a program to its end.</summary>
    /// <param name="timeout">After which it is killed and the status is -1.</param>
    internal static Outcome Run(
        IReadOnlyList<string> command,
        string directory,
        IReadOnlyDictionary<string, string>? environment = null,
        TimeSpan? timeout = null)
    {
        using Process process = Start(command, directory, environment);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(timeout ?? TimeSpan.FromSeconds(60)))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            return new Outcome(-1, output.Result, errors.Result + "\n(killed: it took too long)");
        }

        return new Outcome(process.ExitCode, output.Result, errors.Result);
    }
}
