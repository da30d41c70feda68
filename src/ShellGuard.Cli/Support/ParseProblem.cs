using System.CommandLine;
using System.CommandLine.Parsing;
using ShellGuard.Policy.Diagnostics;

namespace ShellGuard.Cli.Support;

/// <summary>Says in one line what is wrong with a command line, with the nearest thing that there is.</summary>
internal static class ParseProblem
{
    public static string Describe(ParseResult result)
    {
        Command command = result.CommandResult.Command;
        string name = FullName(result.CommandResult);
        if (result.UnmatchedTokens is [string unknown, ..])
        {
            return unknown is ['-', _, ..]
                ? $"{name} has no option {unknown}{Near(unknown, Options(result.CommandResult))}"
                : command.Subcommands.Count > 0
                    ? $"there is no '{name} {unknown}'{Near(unknown, command.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name))}"
                    : $"'{unknown}' is too much for {name}{See(name)}";
        }

        ParseError error = result.Errors[0];
        return error.SymbolResult switch
        {
            OptionResult { Tokens.Count: 0 } option when option.Option.Arity.MinimumNumberOfValues > 0 =>
                $"{option.Option.Name} needs a value: {option.Option.Name} {option.Option.HelpName ?? "VALUE"}",
            OptionResult { Tokens: [{ } given, ..] } option when error.Message.Contains("Cannot parse", StringComparison.Ordinal) =>
                $"{option.Option.Name} does not take '{given.Value}'; write {option.Option.Name} {option.Option.HelpName ?? "VALUE"}",
            CommandResult when command.Subcommands.Count > 0 =>
                $"{name} needs one of {string.Join(", ", command.Subcommands.Select(verb => verb.Name))}{See(name)}",
            ArgumentResult { Tokens.Count: 0 } argument =>
                $"{name} needs {(command as Verb)?.Operands ?? argument.Argument.Name}{See(name)}",
            CommandResult => $"{name} needs {(command as Verb)?.Operands}{See(name)}",
            OptionResult option when !error.Message.Contains(option.Option.Name, StringComparison.Ordinal) =>
                $"{option.Option.Name}: {OneLine(error.Message)}",
            _ => OneLine(error.Message),
        };
    }

    /// <summary>A message of the parser's in the form of this house: it lists choices in lines with a tab before each.</summary>
    internal static string OneLine(string message)
    {
        string line = string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
        return line.Length > 1 && char.IsUpper(line[0]) && char.IsLower(line[1]) ? char.ToLowerInvariant(line[0]) + line[1..] : line;
    }

    private static string Near(string written, IEnumerable<string> known) =>
        NearestName.Find(written, known) is { } near ? $"; did you mean {near}?" : "; see shellguard --help";

    private static string See(string name) => $"; see {name} --help";

    private static IEnumerable<string> Options(CommandResult result)
    {
        for (SymbolResult? at = result; at is not null; at = at.Parent)
        {
            foreach (Option option in (at as CommandResult)?.Command.Options ?? [])
            {
                yield return option.Name;
            }
        }
    }

    private static string FullName(CommandResult result) => result.Parent is CommandResult parent
        ? $"{FullName(parent)} {result.Command.Name}"
        : "shellguard";
}
