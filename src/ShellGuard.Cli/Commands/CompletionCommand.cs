using System.CommandLine;
using ShellGuard.Cli.Help;
using ShellGuard.Cli.Support;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard completion bash|zsh|fish</c>.</summary>
internal static class CompletionCommand
{
    public static Command Create(RootCommand root)
    {
        Verb verb = new("completion", "Print a completion script for a shell")
        {
            Examples =
            [
                new("source <(shellguard completion bash)", "bash, for this shell; put it into ~/.bashrc"),
                new("shellguard completion zsh > ~/.zfunc/_shellguard", "zsh, in a directory of $fpath"),
                new("shellguard completion fish | source", "fish"),
            ],
        };
        verb.Subcommands.Add(Shell("bash", root, CompletionScript.Bash));
        verb.Subcommands.Add(Shell("zsh", root, CompletionScript.Zsh));
        verb.Subcommands.Add(Shell("fish", root, CompletionScript.Fish));
        return verb;
    }

    private static Verb Shell(string name, RootCommand root, Func<RootCommand, string> write)
    {
        Verb verb = new(name, $"For {name}") { NeedsHashes = false };
        verb.SetAction(_ => Terminal.Out.Write(write(root)));
        return verb;
    }
}
