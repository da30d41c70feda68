using System.Runtime.CompilerServices;
using Xunit;

namespace ShellGuard.System.Tests.Support;

/// <summary>The walk-throughs in examples/, with the world of the test in the place of the hosts that they name.</summary>
internal static class ExampleFiles
{
    private const string Refused = "# refused";

    /// <summary>A file of the tree, with other words for some.</summary>
    public static string Read(string path, params (string Named, string Here)[] world)
    {
        string text = File.ReadAllText($"{Root()}/{path}");
        foreach ((string named, string here) in world)
        {
            Assert.True(path.EndsWith(".md", StringComparison.Ordinal) || text.Contains(named, StringComparison.Ordinal), named);
            text = text.Replace(named, here, StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>Copies a directory of the tree with the modes of its files.</summary>
    public static void CopyTo(string path, string directory)
    {
        Directory.CreateDirectory(directory);
        foreach (string file in Directory.GetFiles($"{Root()}/{path}"))
        {
            File.Copy(file, $"{directory}/{Path.GetFileName(file)}");
        }
    }

    /// <summary>The commands in the fenced blocks of a page, in their order.</summary>
    public static IReadOnlyList<string> Commands(string page)
    {
        List<string> commands = [];
        bool inside = false;
        foreach (string line in page.Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                inside = !inside && line == "```sh";
            }
            else if (inside && line.Length > 0)
            {
                commands.Add(line);
            }
        }

        return commands;
    }

    /// <summary>The steps of a script.</summary>
    public static IReadOnlyList<string> Steps(string script) =>
        [.. script.Split('\n').Where(line => line.Length > 0 && line[0] != '#')];

    /// <summary>A script that runs each command in the same shell and says how it ended.</summary>
    public static string Script(IReadOnlyList<string> commands) => string.Concat(
        commands.Select((command, number) => $"echo '@ {number}'\n{command}\necho \"= {number} $?\"\n"));

    /// <summary>Asserts that those commands and only those failed that are said to be refused.</summary>
    public static void AssertEnded(IReadOnlyList<string> commands, Outcome outcome)
    {
        string[] lines = outcome.Output.Split('\n');
        List<string> wrong = [];
        for (int number = 0; number < commands.Count; number++)
        {
            string end = Array.Find(lines, line => line.StartsWith($"= {number} ", StringComparison.Ordinal)) ?? "= no end";
            bool failed = !end.EndsWith(" 0", StringComparison.Ordinal);
            if (failed != commands[number].EndsWith(Refused, StringComparison.Ordinal))
            {
                wrong.Add($"{commands[number]}: {end}");
            }
        }

        Assert.True(wrong.Count == 0, $"{string.Join('\n', wrong.Take(10))}\n--- output\n{outcome.Output}\n--- errors\n{outcome.Errors}");
    }

    /// <summary>What a person would have seen: each command behind a prompt, and what it wrote.</summary>
    public static string Transcript(IReadOnlyList<string> commands, Outcome outcome)
    {
        string text = outcome.Output;
        for (int number = 0; number < commands.Count; number++)
        {
            text = text.Replace($"@ {number}\n", $"$ {commands[number]}\n", StringComparison.Ordinal)
                .Replace($"= {number} 0\n", "", StringComparison.Ordinal);
        }

        return text;
    }

    internal static string Root([CallerFilePath] string here = "")
    {
        DirectoryInfo root = new(Path.GetDirectoryName(here)!);
        while (!File.Exists($"{root.FullName}/ShellGuard.slnx"))
        {
            root = root.Parent!;
        }

        return root.FullName;
    }
}
