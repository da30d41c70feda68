using System.CommandLine.Parsing;
using ShellGuard.Policy.Diagnostics;

namespace ShellGuard.Cli.Support;

/// <summary>A mistyped option must not become the command: <c>run --cwo src make</c> would otherwise look for a
/// program of that name.</summary>
internal static class UnknownOptions
{
    /// <summary>Refuses a command that begins with a hyphen, unless it stands behind <c>--</c>.</summary>
    public static void Refuse(ArgumentResult result)
    {
        if (result.Tokens.Count == 0 || result.Tokens[0].Value is not ['-', _, ..] first)
        {
            return;
        }

        SymbolResult? parent = result.Parent;
        IEnumerable<string> known = (parent as CommandResult)?.Command.Options.Select(option => option.Name) ?? [];
        string near = NearestName.Find(first, known) is { } name ? $"; did you mean {name}?" : "";
        result.AddError($"unknown option {first}{near}; a command that begins with a hyphen is written with its path");
    }
}
