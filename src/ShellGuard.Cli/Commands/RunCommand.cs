using System.CommandLine;
using ShellGuard.Cli.Support;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard run -- COMMAND</c>.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        Command command = new("run", "Run a command in a cell");
        PolicyOptions policy = new();
        Argument<string[]> words = new("command")
        {
            Description = "The command and its arguments, after --",
            Arity = ArgumentArity.OneOrMore,
        };
        words.Validators.Add(UnknownOptions.Refuse);
        policy.AddTo(command);
        command.Options.Add(DegradedOption.Create());
        command.Arguments.Add(words);
        command.SetAction(result => SessionRunner.Run(result, policy, result.GetRequiredValue(words)));
        return command;
    }
}
