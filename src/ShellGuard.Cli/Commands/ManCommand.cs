using System.CommandLine;
using ShellGuard.Cli.Help;
using ShellGuard.Cli.Support;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard man</c>: writes docs/shellguard.1.</summary>
internal static class ManCommand
{
    public static Command Create(RootCommand root)
    {
        Verb verb = new("man", "Print the manual page in roff")
        {
            NeedsHashes = false,
            Hidden = true,
            Examples = [new("shellguard man | man -l -", "read it")],
        };
        verb.SetAction(_ => Terminal.Out.Write(ManPage.Write(root)));
        return verb;
    }
}
