using System.CommandLine;
using System.Text;
using ShellGuard.Cli.Support;

namespace ShellGuard.Cli.Help;

/// <summary>Help from the command tree: usage, examples, verbs, options.</summary>
internal static class HelpText
{
    private const int Width = 96;
    private const int Column = 30;

    /// <summary>What to type first, for whoever typed nothing.</summary>
    public static string Short(RootCommand root)
    {
        StringBuilder text = new();
        text.Append(root.Description).Append("\n\n");
        AddExamples(text, RootExamples);
        text.Append('\n');
        AddVerbs(text, root);
        return text.Append("\nshellguard VERB --help tells more; shellguard --help all of it in one page.\n").ToString();
    }

    /// <summary>Everything about a command.</summary>
    public static string Of(Command command)
    {
        StringBuilder text = new();
        text.Append("usage: ").Append(Usage(command)).Append("\n\n");
        AddWrapped(text, $"{command.Description?.TrimEnd('.')}.", 0);
        foreach (string paragraph in Details(command))
        {
            text.Append('\n');
            AddWrapped(text, paragraph, 0);
        }

        text.Append('\n');
        AddExamples(text, Examples(command));
        if (command.Subcommands.Count > 0)
        {
            text.Append('\n');
            AddVerbs(text, command);
        }

        List<Option> options = [.. command.Options.Where(option => !option.Hidden)];
        if (options.Count > 0)
        {
            text.Append("\noptions:\n");
            options.ForEach(option => AddEntry(text, OptionSyntax(option), option.Description ?? ""));
        }

        if (command is RootCommand)
        {
            text.Append('\n');
            AddWrapped(text, ExitStatus, 0);
        }

        return text.ToString();
    }

    internal const string ExitStatus =
        "Exit status: run and shell give the command's own; 125 is a failure of ShellGuard itself, 126 a command that "
        + "cannot be executed, 127 one that is not there. commit and policy check give 1 when something was refused, "
        + "import when a recording does not show everything.";

    internal static IReadOnlyList<Example> RootExamples { get; } =
    [
        new("shellguard run -- bash", "a shell that cannot change the host"),
        new("shellguard run --net github.com:443 -- git fetch", "with one way out"),
        new("shellguard diff", "what the last session changed"),
        new("shellguard commit", "bring that to the host"),
        new("shellguard why", "what was denied last, and the way on"),
    ];

    internal static IReadOnlyList<Example> Examples(Command command) =>
        command is RootCommand ? RootExamples : (command as Verb)?.Examples ?? [];

    internal static IReadOnlyList<string> Details(Command command) => (command as Verb)?.Details ?? [];

    internal static string Usage(Command command)
    {
        string name = FullName(command);
        string options = command.Options.Any(option => !option.Hidden && option.Name is not ("--help" or "--version"))
            ? " [OPTION...]"
            : "";
        bool needsVerb = command.Subcommands.Count > 0 && (command.Action is null || command is RootCommand);
        string operands = needsVerb ? " VERB" : (command as Verb)?.Operands is { Length: > 0 } given ? $" {given}" : "";
        return $"{name}{options}{operands}";
    }

    internal static string FullName(Command command) => command is RootCommand
        ? "shellguard"
        : $"{(command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? FullName(parent) : "shellguard")} {command.Name}";

    internal static string OptionSyntax(Option option)
    {
        string names = string.Join(", ", option.Aliases.Where(alias => alias is ['-', not '-']).Append(option.Name));
        if (option is Option<bool?>)
        {
            return $"{names} [true|false]";
        }

        return option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool)
            ? $"{names} {option.HelpName ?? "VALUE"}"
            : names;
    }

    private static void AddVerbs(StringBuilder text, Command command)
    {
        text.Append("verbs:\n");
        foreach (Command verb in command.Subcommands.Where(verb => !verb.Hidden))
        {
            AddEntry(text, verb.Name, verb.Description ?? "");
        }
    }

    private static void AddExamples(StringBuilder text, IReadOnlyList<Example> examples)
    {
        if (examples.Count == 0)
        {
            return;
        }

        text.Append("examples:\n");
        int width = Math.Min(56, examples.Max(example => example.Line.Length));
        foreach (Example example in examples)
        {
            text.Append("  ").Append(example.Line.PadRight(width)).Append("  ").Append(example.What).Append('\n');
        }
    }

    private static void AddEntry(StringBuilder text, string left, string right)
    {
        text.Append("  ").Append(left.PadRight(Column - 2));
        if (left.Length > Column - 4)
        {
            text.Append('\n').Append(' ', Column);
        }

        AddWrapped(text, right, Column);
    }

    /// <summary>Breaks at blanks; the first line stands where the text is.</summary>
    private static void AddWrapped(StringBuilder text, string words, int indent)
    {
        int at = indent;
        bool first = true;
        foreach (string word in words.Split(' '))
        {
            if (!first && at + 1 + word.Length > Width)
            {
                text.Append('\n').Append(' ', indent);
                at = indent;
                first = true;
            }

            text.Append(first ? "" : " ").Append(word);
            at += word.Length + (first ? 0 : 1);
            first = false;
        }

        text.Append('\n');
    }
}
