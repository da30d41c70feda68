using System.CommandLine;
using ShellGuard.Cli.Support;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard run -- COMMAND</c>.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        PolicyOptions policy = new();
        Argument<string[]> words = new("command")
        {
            Description = "The command and its arguments",
            Arity = ArgumentArity.OneOrMore,
        };
        words.Validators.Add(UnknownOptions.Refuse);
        Verb verb = new("run", "Run a command in a cell")
        {
            NeedsHashes = false,
            Operands = "[--] COMMAND [ARGUMENT...]",
            RunsCommand = true,
            Details =
            [
                "The command sees the host read-only, home and the working directory copy-on-write, no credentials and "
                + "no network but what is granted. What it changed waits for shellguard commit or discard.",
            ],
            Examples =
            [
                new("shellguard run -- bash", "a shell"),
                new("shellguard run --net pypi.org:443 -- pip install x", "with one way out"),
                new("shellguard run --policy agent -- AGENT", "a coding agent in this directory"),
                new("shellguard run --direct build -- make -j4", "one directory written at once"),
            ],
        };
        policy.AddTo(verb);
        verb.Options.Add(CellOption.Create());
        verb.Options.Add(StrictOption.Create());
        verb.Options.Add(DegradedOption.Create());
        verb.Arguments.Add(words);
        verb.SetAction(result => SessionRunner.Run(result, policy, result.GetRequiredValue(words)));
        return verb;
    }
}
