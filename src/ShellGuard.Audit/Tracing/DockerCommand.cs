namespace ShellGuard.Audit.Tracing;

/// <summary>A command line of docker's client, whose daemon starts the container.</summary>
public static class DockerCommand
{
    /// <summary>Options before the command that take the next word, docker(1).</summary>
    private static readonly string[] WithValue =
        ["--host", "--context", "--config", "--log-level", "--tlscacert", "--tlscert", "--tlskey"];

    private const string IdentifierOption = "--cidfile";

    /// <summary>Whether a program is docker's client.</summary>
    public static bool Is(string program) => program[(program.LastIndexOf('/') + 1)..] == "docker";

    /// <summary>The command line with which the client also writes down which container it asks for, before it asks for
    /// its start.</summary>
    /// <param name="words">The program's name and its arguments.</param>
    /// <param name="identifierFile">Where; there is nothing yet.</param>
    /// <param name="problem">Why not, where the result is null.</param>
    public static IReadOnlyList<string>? WithIdentifier(IReadOnlyList<string> words, string identifierFile, out string? problem)
    {
        int run = 1;
        while (run < words.Count && words[run].StartsWith('-'))
        {
            run += words[run] is ['-', 'H' or 'c' or 'l'] || WithValue.Contains(words[run]) ? 2 : 1;
        }

        if (run + 1 < words.Count && words[run] == "container")
        {
            run++;
        }

        problem = run >= words.Count || words[run] != "run"
                ? "--container follows what docker run starts; this is another command of docker"
            : words.Skip(run + 1).Any(word => word == IdentifierOption || word.StartsWith($"{IdentifierOption}=", StringComparison.Ordinal))
                ? $"--container gives docker an {IdentifierOption} of its own; leave yours out"
            : null;
        return problem is null ? [.. words.Take(run + 1), IdentifierOption, identifierFile, .. words.Skip(run + 1)] : null;
    }
}
