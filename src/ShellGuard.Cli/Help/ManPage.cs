using System.CommandLine;
using System.Text;
using ShellGuard.Cli.Support;

namespace ShellGuard.Cli.Help;

/// <summary>The manual page shellguard(1) from the command tree, in the man macros of roff.</summary>
internal static class ManPage
{
    public static string Write(RootCommand root)
    {
        StringBuilder page = new();
        page.Append(".\\\" Written by \"shellguard man\"; a test compares. Change the command tree, not this file.\n");
        page.Append(".TH SHELLGUARD 1 \"\" \"ShellGuard\" \"User Commands\"\n");
        page.Append(".SH NAME\nshellguard \\- run commands with exactly the authority they need\n");
        page.Append(".SH SYNOPSIS\n");
        foreach ((Command verb, int depth) in Verbs(root, 0))
        {
            page.Append(depth == 0 || verb.Action is not null ? $".B {Text(HelpText.FullName(verb))}\n" : "");
            string rest = HelpText.Usage(verb)[HelpText.FullName(verb).Length..].Trim();
            page.Append(rest.Length > 0 ? Text(rest) + "\n" : "").Append(".br\n");
        }

        page.Append(".SH DESCRIPTION\n").Append(Text(root.Description ?? "")).Append('\n');
        page.Append(".SH VERBS\n");
        foreach ((Command verb, _) in Verbs(root, 0))
        {
            AddVerb(page, verb);
        }

        page.Append(".SH EXAMPLES\n");
        AddExamples(page, HelpText.RootExamples);
        page.Append(".SH EXIT STATUS\n").Append(Text(HelpText.ExitStatus)).Append('\n');
        page.Append(".SH ENVIRONMENT\n");
        AddTerm(page, "NO_COLOR", "No colours where it is set and not empty.");
        AddTerm(page, "SHELL", "What shellguard shell opens.");
        AddTerm(page, "SHELLGUARD_STATE", "Where sessions are kept instead of the place below.");
        page.Append(".SH FILES\n");
        AddTerm(page, "~/.config/shellguard/policy.toml", "Your own policy, taken where --policy names no other.");
        AddTerm(page, "/var/lib/shellguard, /var/tmp/shellguard-UID", "Sessions of root, and of everybody else.");
        return page.ToString();
    }

    private static IEnumerable<(Command Verb, int Depth)> Verbs(Command command, int depth)
    {
        foreach (Command verb in command.Subcommands.Where(verb => !verb.Hidden))
        {
            yield return (verb, depth);
            foreach ((Command, int) inner in Verbs(verb, depth + 1))
            {
                yield return inner;
            }
        }
    }

    private static void AddVerb(StringBuilder page, Command verb)
    {
        page.Append($".SS {Text(HelpText.Usage(verb))}\n").Append(Text(verb.Description ?? "")).Append(".\n");
        foreach (string paragraph in HelpText.Details(verb))
        {
            page.Append(".PP\n").Append(Text(paragraph)).Append('\n');
        }

        foreach (Option option in verb.Options.Where(option => !option.Hidden && option.Name != "--help"))
        {
            AddTerm(page, HelpText.OptionSyntax(option), option.Description ?? "");
        }

        AddExamples(page, HelpText.Examples(verb));
    }

    private static void AddExamples(StringBuilder page, IReadOnlyList<Example> examples)
    {
        foreach (Example example in examples)
        {
            page.Append(".PP\n").Append(Text(example.What)).Append(":\n.PP\n.RS 4\n.EX\n");
            page.Append(Text(example.Line)).Append("\n.EE\n.RE\n");
        }
    }

    private static void AddTerm(StringBuilder page, string term, string text) =>
        page.Append(".TP\n.B ").Append(Text(term)).Append('\n').Append(Text(text)).Append('\n');

    /// <summary>A backslash, a hyphen and a line's first dot or quote mean something to roff, groff_char(7).</summary>
    private static string Text(string text)
    {
        string escaped = text
            .Replace("\\", "\\e", StringComparison.Ordinal)
            .Replace("-", "\\-", StringComparison.Ordinal)
            .Replace("~", "\\(ti", StringComparison.Ordinal)
            .Replace("\"", "\\(dq", StringComparison.Ordinal);
        return escaped is ['.' or '\'', ..] ? "\\&" + escaped : escaped;
    }
}
