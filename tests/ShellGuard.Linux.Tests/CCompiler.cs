using System.Diagnostics;
using Xunit;

namespace ShellGuard.Linux.Tests;

/// <summary>The C compiler of this machine, for tests that ask C or need a program without a runtime.</summary>
internal static class CCompiler
{
    /// <summary>Compiles sources to a program.</summary>
    /// <param name="sources">C texts, one translation unit each.</param>
    /// <param name="options">More options for gcc.</param>
    /// <returns>The program's path, in a directory that lasts as long as the test run.</returns>
    internal static string Compile(IReadOnlyList<string> sources, params string[] options)
    {
        string directory = Directory.CreateTempSubdirectory("shellguard-c-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(directory, recursive: true);
        string program = Path.Combine(directory, "program");
        List<string> arguments = ["-std=gnu11", "-O1", "-Wall", "-Werror", .. options, "-o", program];
        for (int i = 0; i < sources.Count; i++)
        {
            string source = Path.Combine(directory, $"unit{i}.c");
            File.WriteAllText(source, sources[i]);
            arguments.Add(source);
        }

        (int status, _, string errors) = Run("gcc", [.. arguments]);
        Assert.True(status == 0, errors);
        return program;
    }

    /// <summary>Runs a program to its end.</summary>
    internal static (int Status, string Output, string Errors) Run(string program, params string[] arguments)
    {
        using Process process = Start(program, arguments);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }

    /// <summary>Starts a program with pipes.</summary>
    internal static Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }
}
