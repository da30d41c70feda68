using System.CommandLine;
using System.Text;

namespace ShellGuard.Cli.Help;

/// <summary>Static completion scripts from the command tree. They run shellguard only for the names of sessions.
/// </summary>
internal static class CompletionScript
{
    private static readonly string[] _takeSessions = ["diff", "commit", "discard", "log", "log verify", "why", "replay"];

    public static string Bash(RootCommand root)
    {
        StringBuilder script = new();
        script.Append("""
            # bash completion for shellguard
            _shellguard() {
                local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} path="" i word verbs="" options="" values=""
                for ((i = 1; i < COMP_CWORD; i++)); do
                    word=${COMP_WORDS[i]}
                    if [[ $word == -- ]]; then
                        COMPREPLY=($(compgen -c -- "$cur") $(compgen -f -- "$cur"))
                        return
                    fi
                    case "$path $word" in

            """);
        foreach ((string path, _) in Tree(root))
        {
            script.Append($"            '{(path.Contains(' ', StringComparison.Ordinal) ? path : " " + path)}') path='{path}' ;;\n");
        }

        script.Append("        esac\n    done\n    case \"$path\" in\n");
        script.Append(BashCase("", root));
        foreach ((string path, Command command) in Tree(root))
        {
            script.Append(BashCase(path, command));
        }

        script.Append("""
                esac
                if [[ " $values " == *" $prev "* ]]; then
                    COMPREPLY=($(compgen -f -- "$cur"))
                elif [[ $cur == -* ]]; then
                    COMPREPLY=($(compgen -W "$options" -- "$cur"))
                elif [[ -n $verbs ]]; then
                    COMPREPLY=($(compgen -W "$verbs" -- "$cur"))
                else
                    COMPREPLY=($(compgen -f -- "$cur"))
                    case "$path" in

            """);
        script.Append($"            {string.Join('|', _takeSessions.Select(path => $"'{path}'"))})\n");
        script.Append("""
                            COMPREPLY+=($(compgen -W "$(shellguard sessions --names 2>/dev/null)" -- "$cur")) ;;
                        run|plan)
                            COMPREPLY+=($(compgen -c -- "$cur")) ;;
                    esac
                fi
            }
            complete -o filenames -F _shellguard shellguard

            """);
        return script.ToString();
    }

    public static string Zsh(RootCommand root)
    {
        StringBuilder script = new("#compdef shellguard\n# zsh completion for shellguard\n");
        AddZsh(script, "_shellguard", root, "");
        return script.Append("if [ \"$funcstack[1]\" = \"_shellguard\" ]; then _shellguard \"$@\"; else compdef _shellguard shellguard; fi\n")
            .ToString();
    }

    public static string Fish(RootCommand root)
    {
        StringBuilder script = new("# fish completion for shellguard\ncomplete -c shellguard -f\n");
        foreach (Command verb in root.Subcommands.Where(verb => !verb.Hidden))
        {
            script.Append($"complete -c shellguard -n __fish_use_subcommand -a {verb.Name} -d {Quote(verb.Description)}\n");
        }

        foreach ((string path, Command command) in Tree(root))
        {
            string[] words = path.Split(' ');
            string condition = string.Join("; and ", words.Select(word => $"__fish_seen_subcommand_from {word}"));
            foreach (Command verb in command.Subcommands.Where(verb => !verb.Hidden))
            {
                script.Append($"complete -c shellguard -n '{condition}' -a {verb.Name} -d {Quote(verb.Description)}\n");
            }

            foreach (Option option in Options(command))
            {
                script.Append($"complete -c shellguard -n '{condition}' -l {option.Name[2..]}");
                script.Append(TakesValue(option) ? " -r -F" : "").Append($" -d {Quote(option.Description)}\n");
            }

            if (_takeSessions.Contains(path, StringComparer.Ordinal))
            {
                script.Append($"complete -c shellguard -n '{condition}' -F -a '(shellguard sessions --names 2>/dev/null)'\n");
            }
            else if (path is "run" or "plan")
            {
                script.Append($"complete -c shellguard -n '{condition}' -F -a '(__fish_complete_command)'\n");
            }
        }

        return script.ToString();
    }

    private static void AddZsh(StringBuilder script, string function, Command command, string path)
    {
        List<Command> verbs = [.. command.Subcommands.Where(verb => !verb.Hidden)];
        foreach (Command verb in verbs)
        {
            AddZsh(script, $"{function}_{verb.Name}", verb, path.Length == 0 ? verb.Name : $"{path} {verb.Name}");
        }

        script.Append($"{function}() {{\n");
        if (_takeSessions.Contains(path, StringComparer.Ordinal))
        {
            script.Append("    _shellguard_words() { compadd -- ${(f)\"$(shellguard sessions --names 2>/dev/null)\"}; _files }\n");
        }

        script.Append("    local line state\n    _arguments -C");
        foreach (Option option in Options(command))
        {
            string description = ZshText(option.Description);
            script.Append(" \\\n        ").Append(Quote(
                $"*{option.Name}[{description}]{(TakesValue(option) ? $":{ZshText(option.HelpName ?? "value")}:_files" : "")}"));
        }

        if (verbs.Count > 0)
        {
            script.Append(" \\\n        '1: :->verb' \\\n        '*::arg:->args'\n    case $state in\n        verb)\n            local -a verbs=(");
            script.AppendJoin(' ', verbs.Select(verb => Quote($"{verb.Name}:{verb.Description}")));
            script.Append(")\n            _describe verb verbs ;;\n        args)\n            case $line[1] in\n");
            foreach (Command verb in verbs)
            {
                script.Append($"                {verb.Name}) {function}_{verb.Name} ;;\n");
            }

            script.Append("            esac ;;\n    esac\n");
        }
        else
        {
            string rest = path is "run" or "plan" ? "*::command:_normal"
                : _takeSessions.Contains(path, StringComparer.Ordinal) ? "*:session or path:_shellguard_words"
                : "*:file:_files";
            script.Append($" \\\n        '{rest}'\n");
        }

        script.Append("}\n");
    }

    private static string BashCase(string path, Command command)
    {
        List<Option> options = [.. Options(command)];
        return $"        '{path}')\n"
            + $"            verbs=\"{string.Join(' ', command.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name))}\"\n"
            + $"            options=\"{string.Join(' ', options.Select(option => option.Name))}\"\n"
            + $"            values=\"{string.Join(' ', options.Where(TakesValue).Select(option => option.Name))}\" ;;\n";
    }

    /// <summary>Every verb with its path, outer ones first.</summary>
    private static IEnumerable<(string Path, Command Command)> Tree(Command command, string above = "")
    {
        foreach (Command verb in command.Subcommands.Where(verb => !verb.Hidden))
        {
            string path = above.Length == 0 ? verb.Name : $"{above} {verb.Name}";
            yield return (path, verb);
            foreach ((string, Command) inner in Tree(verb, path))
            {
                yield return inner;
            }
        }
    }

    private static IEnumerable<Option> Options(Command command) =>
        command.Options.Where(option => !option.Hidden).Append(new Option<bool>("--help") { Description = "Print help" })
            .DistinctBy(option => option.Name, StringComparer.Ordinal);

    private static bool TakesValue(Option option) => option.Arity.MinimumNumberOfValues > 0;

    private static string ZshText(string? text) => (text ?? "")
        .Replace("[", "\\[", StringComparison.Ordinal)
        .Replace("]", "\\]", StringComparison.Ordinal)
        .Replace(":", "\\:", StringComparison.Ordinal);

    private static string Quote(string? text) => $"'{(text ?? "").Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
