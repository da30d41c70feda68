using System.CommandLine;
using ShellGuard.Cli.Support;
using ShellGuard.Leash.Sessions;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard leash</c>.</summary>
internal static class LeashCommand
{
    public static Command Create()
    {
        Argument<string?> script = new("script") { Arity = ArgumentArity.ZeroOrOne };
        Option<string?> line = new("--line", LeashArguments.LineOption) { Description = "Run this one line", HelpName = "LINE" };
        Option<string?> config = new("--config") { Description = "Use this configuration", HelpName = "FILE" };
        Option<bool> login = new("--login") { Description = "Be a login shell: trust nothing that the caller chose" };
        Option<bool> unrestricted = new("--unrestricted") { Description = "Run every pipeline, to try them out" };
        Verb verb = new("leash", "A shell that runs only named pipelines")
        {
            Operands = "[SCRIPT]",
            Details =
            [
                "Reads configurations of l8ash. A line runs if its bytes are the name of a pipeline in the configuration; "
                + "there is no language to get out of. Under the name leash or l8ash the program is this verb, also as a login "
                + "shell. Without SCRIPT and LINE, lines come from the terminal or from standard input.",
            ],
            Examples =
            [
                new("shellguard leash", "a prompt"),
                new("shellguard leash -c disk", "one line"),
                new("shellguard leash --config ops.toml nightly.lsh", "a script"),
            ],
        };
        script.Validators.Add(UnknownOptions.RefuseAll);
        verb.Arguments.Add(script);
        verb.Options.Add(line);
        verb.Options.Add(config);
        verb.Options.Add(login);
        verb.Options.Add(unrestricted);
        verb.Subcommands.Add(LeashListCommand.Create());
        verb.Subcommands.Add(LeashWhyCommand.Create());
        verb.Subcommands.Add(LeashLintCommand.Create());
        verb.Subcommands.Add(LeashTestCommand.Create());
        verb.Subcommands.Add(LeashHashCommand.Create());
        verb.Subcommands.Add(LeashVerifyCommand.Create());
        verb.Subcommands.Add(LeashInstallCommand.Create());
        verb.SetAction(parsed => LeashProgram.Run(
            new LeashArguments
            {
                Configuration = parsed.GetValue(config),
                Line = parsed.GetValue(line),
                Script = parsed.GetValue(script),
                IsLogin = parsed.GetValue(login),
                Unrestricted = parsed.GetValue(unrestricted),
            },
            Invocation.Variables, Invocation.Version));
        return verb;
    }
}
