using System.CommandLine;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cli.Support;
using ShellGuard.Core;
using ShellGuard.Leash.Configuration;
using ShellGuard.Leash.Tools;
using ShellGuard.Linux;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard leash hash</c>.</summary>
internal static class LeashHashCommand
{
    public static Command Create()
    {
        LeashOptions options = new();
        Option<bool> write = new("--write") { Description = "Write them into the configuration" };
        Verb verb = new("hash", "Print the hashes of all programs of a configuration, or write them into it")
        {
            Details =
            [
                "Of each stage's file, and of the interpreters of scripts. Everything else in the configuration stays as it is. "
                + "Exit status 1 when a program has no hash.",
            ],
            Examples = [new("shellguard leash hash --config ops.toml --write", "after programs were updated")],
        };
        options.AddTo(verb);
        verb.Options.Add(write);
        verb.SetAction(parsed =>
        {
            LeashConfiguration configuration = options.Read(parsed);
            HashList hashes = HashList.Compute(configuration);
            if (parsed.GetValue(write))
            {
                Write(configuration, hashes);
            }
            else
            {
                Print(hashes);
            }

            foreach (string problem in hashes.Problems)
            {
                Terminal.Complain(problem);
            }

            return hashes.Problems.Count == 0 ? 0 : 1;
        });
        return verb;
    }

    private static void Write(LeashConfiguration configuration, HashList hashes)
    {
        try
        {
            byte[] text = File.ReadAllBytes(configuration.File);
            byte[] edited = HashEdit.Apply(text, configuration, hashes, out string? problem) ?? throw new SessionException(problem!);
            LinuxResult replaced = HashList.Replace(Path.GetFullPath(configuration.File), edited);
            if (replaced.Failed)
            {
                throw new SessionException(replaced.ToString());
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SessionException($"{configuration.File} cannot be read: {failure.Message.TrimEnd('.')}");
        }

        int count = hashes.Entries.Sum(entry => entry.Hashes.Count) + hashes.Interpreters.Count + hashes.Libraries.Count;
        Terminal.Out.WriteLine($"{SafeText.Escape(configuration.File)}: {count} hashes of {hashes.Entries.Count} pipelines");
    }

    private static void Print(HashList hashes)
    {
        foreach ((LeashEntry entry, IReadOnlyList<string> values) in hashes.Entries)
        {
            Terminal.Out.WriteLine($"# {SafeText.Escape(entry.Name)}\nintegrity = {HashEdit.Value(values)}");
        }

        PrintTable("interpreters", hashes.Interpreters);
        PrintTable("libraries", hashes.Libraries);
    }

    private static void PrintTable(string name, IReadOnlyDictionary<string, string> hashes)
    {
        if (hashes.Count > 0)
        {
            Terminal.Out.WriteLine($"[{name}]");
        }

        foreach ((string path, string hash) in hashes)
        {
            Terminal.Out.WriteLine($"'{SafeText.Escape(path)}' = \"{hash}\"");
        }
    }
}
