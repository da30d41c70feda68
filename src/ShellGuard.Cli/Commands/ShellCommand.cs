using System.CommandLine;
using ShellGuard.Cli.Support;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard shell</c>.</summary>
internal static class ShellCommand
{
    public static Command Create()
    {
        Command command = new("shell", "Open a shell in a cell");
        PolicyOptions policy = new();
        policy.AddTo(command);
        command.Options.Add(DegradedOption.Create());
        command.SetAction(result => SessionRunner.Run(
            result, policy, [Environment.GetEnvironmentVariable("SHELL") is { Length: > 0 } shell ? shell : "/bin/sh"]));
        return command;
    }
}
