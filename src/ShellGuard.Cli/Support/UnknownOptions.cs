using System.CommandLine.Parsing;
using ShellGuard.Policy.Diagnostics;

namespace ShellGuard.Cli.Support;

/// <summary>A mistyped option must not become the command: <c>run --cwo src make</c> would otherwise look for a
/// program of that name.</summary>
internal static class UnknownOptions
{
    /// <summary>Refuses a command that begins with a hyphen.</summary>
    public static void Refuse(ArgumentResult result) =>
        Refuse(result, result.Tokens.Take(1), "a command that begins with a hyphen is written with its path");

    /// <summary>Refuses every word that begins with a hyphen.</summary>
    public static void RefuseAll(ArgumentResult result) =>
        Refuse(result, result.Tokens, "a path that begins with a hyphen is written with ./");

    private static void Refuse(ArgumentResult result, IEnumerable<Token> words, string wayOn)
    {
        if (words.FirstOrDefault(word => word.Value is ['-', _, ..])?.Value is not { } unknown)
        {
            return;
        }

        IEnumerable<string> known = (result.Parent as CommandResult)?.Command.Options.Select(option => option.Name) ?? [];
        string near = NearestName.Find(unknown, known) is { } name ? $"; did you mean {name}?" : "";
        result.AddError($"unknown option {unknown}{near}{(near.Length == 0 ? $"; {wayOn}" : "")}");
    }
}
