using System.CommandLine;
using ShellGuard.Cli;

namespace ShellGuard.Architecture.Tests;

/// <summary>A command that a page shows is one that the command line takes: verb, options and their values.</summary>
public sealed class CommandTests
{
    public static TheoryData<string, string> Commands
    {
        get
        {
            TheoryData<string, string> commands = [];
            foreach (string page in SourceTree.Pages)
            {
                foreach (string command in InFences(page).Distinct())
                {
                    commands.Add(page, command);
                }
            }

            return commands;
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_shown_command_is_understood(string page, string command)
    {
        ParseResult result = CommandLine.Build().Parse(Words(command));
        Assert.True(result.Errors.Count == 0, $"{page}: {command}: {string.Join("; ", result.Errors)}");
    }

    [Fact]
    public void The_first_pages_show_commands() => Assert.All(
        ["README.md", "docs/tutorial.md"], page => Assert.NotEmpty(InFences(page)));

    /// <summary>Lines of fenced blocks that begin with <c>shellguard</c>, with or without a prompt and a path.</summary>
    private static IEnumerable<string> InFences(string page)
    {
        bool fenced = false;
        foreach (string line in SourceTree.Lines(page))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                fenced = !fenced;
                continue;
            }

            string command = line.TrimStart('$', '#', ' ');
            command = command.StartsWith("./", StringComparison.Ordinal) ? command[2..] : command;
            if (fenced && command.StartsWith("shellguard ", StringComparison.Ordinal)
                && !line.StartsWith("shellguard: ", StringComparison.Ordinal))
            {
                yield return command["shellguard ".Length..];
            }
        }
    }

    /// <summary>A simple command line: words, quotes, and nothing behind a pipe or a comment.</summary>
    private static List<string> Words(string command)
    {
        List<string> words = [];
        string word = "";
        char quote = '\0';
        foreach (char c in command + " ")
        {
            if (quote == '\0' && c is '|' or '#' or ';' or '&' or '>' or '<')
            {
                break;
            }

            if (c == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && c is '\'' or '"')
            {
                quote = c;
            }
            else if (quote == '\0' && c == ' ')
            {
                if (word.Length > 0)
                {
                    words.Add(word);
                }

                word = "";
            }
            else
            {
                word += c;
            }
        }

        return words;
    }
}
