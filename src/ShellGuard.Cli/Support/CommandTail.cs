using System.CommandLine;

namespace ShellGuard.Cli.Support;

/// <summary>Everything after the first word of the command that is to run belongs to that command:
/// <c>shellguard run ls -p</c> means ls's option, not ours.</summary>
internal static class CommandTail
{
    /// <summary>Puts the <c>--</c> that a person left out.</summary>
    public static string[] Separate(RootCommand root, string[] arguments)
    {
        if (arguments.Length == 0
            || root.Subcommands.FirstOrDefault(verb => verb.Name == arguments[0]) is not Verb { RunsCommand: true } verb)
        {
            return arguments;
        }

        int operands = verb.OperandsBeforeCommand;
        for (int at = 1; at < arguments.Length; at++)
        {
            string word = arguments[at];
            if (word == "--")
            {
                return arguments;
            }

            if (word is not ['-', _, ..])
            {
                if (operands-- > 0)
                {
                    continue;
                }

                return [.. arguments[..at], "--", .. arguments[at..]];
            }

            Option? option = verb.Options.FirstOrDefault(
                known => known.Name == word || known.Aliases.Contains(word));
            if (option is { Arity.MinimumNumberOfValues: > 0 }
                || (option is Option<bool?> && at + 1 < arguments.Length && arguments[at + 1] is "true" or "false"))
            {
                at++;
            }
        }

        return arguments;
    }
}
