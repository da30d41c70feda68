using System.CommandLine;
using ShellGuard.Cli.Support;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard shell</c>.</summary>
internal static class ShellCommand
{
    public static Command Create()
    {
        PolicyOptions policy = new();
        Verb verb = new("shell", "Open a shell in a cell")
        {
            NeedsHashes = false,
            Details = ["The shell is $SHELL, else /bin/sh. It takes the same options as run, and is recorded."],
            Examples =
            [
                new("shellguard shell", "with the default policy"),
                new("shellguard shell --policy admin --direct /etc/nginx", "to administer, changes there at once"),
            ],
        };
        policy.AddTo(verb);
        verb.Options.Add(CellOption.Create());
        verb.Options.Add(StrictOption.Create());
        verb.Options.Add(DegradedOption.Create());
        verb.SetAction(result => SessionRunner.Run(
            result, policy, [Environment.GetEnvironmentVariable("SHELL") is { Length: > 0 } shell ? shell : "/bin/sh"]));
        return verb;
    }
}
