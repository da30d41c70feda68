namespace ShellGuard.Audit.Tracing;

/// <summary>A command line of docker's client, whose daemon starts the container.</summary>
public static class DockerCommand
{
    /// <summary>Options before the command that take the next word, docker(1).</summary>
    private static readonly string[] WithValue =
        ["--host", "--context", "--config", "--log-level", "--tlscacert", "--tlscert", "--tlskey"];

    /// <summary>Options of docker run that take no word, docker-run(1). An option that is not known takes one: so no image is
    /// seen where another option's word stands, behind which a further option would be missed.</summary>
    private static readonly string[] Flags =
    [
        "--detach", "--disable-content-trust", "--help", "--init", "--interactive", "--no-healthcheck", "--oom-kill-disable", "--privileged",
        "--publish-all", "--quiet", "--read-only", "--rm", "--sig-proxy", "--tty", "--use-api-socket",
    ];

    /// <summary>The same of one letter, of which several may stand behind one dash.</summary>
    private const string ShortFlags = "diPqt";

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
            : Options(words, run + 1).Any(word => word == IdentifierOption || word.StartsWith($"{IdentifierOption}=", StringComparison.Ordinal))
                ? $"--container gives docker an {IdentifierOption} of its own; leave yours out"
            : null;
        return problem is null ? [.. words.Take(run + 1), IdentifierOption, identifierFile, .. words.Skip(run + 1)] : null;
    }

    /// <summary>The options of docker run, without their words. Behind the first word that is none stand the container's
    /// own.</summary>
    private static IEnumerable<string> Options(IReadOnlyList<string> words, int at)
    {
        while (at < words.Count && words[at].Length > 1 && words[at][0] == '-' && words[at] != "--")
        {
            yield return words[at];
            at += TakesNext(words[at]) ? 2 : 1;
        }
    }

    private static bool TakesNext(string option)
    {
        if (option.StartsWith("--", StringComparison.Ordinal))
        {
            return !option.Contains('=', StringComparison.Ordinal) && !Flags.Contains(option);
        }

        // -it takes none, -itu takes one, and in -uroot it stands behind its letter.
        int letter = 1;
        while (letter < option.Length && ShortFlags.Contains(option[letter], StringComparison.Ordinal))
        {
            letter++;
        }

        return letter == option.Length - 1;
    }
}
