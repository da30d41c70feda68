using System.Buffers;
using System.Text;
using ShellGuard.Audit.Profiles;

namespace ShellGuard.Audit.Export;

/// <summary>Lines for sudoers(5) about helper commands.</summary>
public sealed class SudoersExporter : IExporter
{
    /// <summary>What a program's path may have: it is a pattern where others stand in it, and a directory with a slash behind
    /// it.</summary>
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-+:,=@~");

    public string Name => "sudoers";

    public string Description => "sudoers lines for the helper commands that need root";

    public ExportChoices Choices => ExportChoices.User;

    public string Write(AccessProfile profile, ExportOptions options)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(options);
        StringBuilder text = new();
        CommentText comment = new(text);
        comment.Head(profile, "Lines for /etc/sudoers.d: helper commands with fixed arguments");
        comment.Missing("What sudoers cannot say:", ["what the helper itself may access", "where an argument with a blank ends: its parts may come as arguments of their own", "that its files do not change (a digest in front of the command can)"]);
        comment.Privileges(profile, "What root was needed for:");
        HelperCommands.Write(
            profile, text, comment, command => LineOf(command, options.User), "sudoers has no words for an empty argument, \"\", or such a program");
        return text.ToString();
    }

    // Without arguments sudo takes any; "" takes none.
    private static string? LineOf(HelperCommand command, string user) =>
        command.Arguments.Any(argument => argument is "" or "\"\"") || command.Program.EndsWith('/') || command.Program.AsSpan().ContainsAnyExcept(Plain)
            ? null
            : $"{user} ALL=(root) NOPASSWD: {Escaped(command.Program)}"
                + (command.Arguments.Count == 0 ? " \"\"" : string.Concat(command.Arguments.Select(argument => $" {Escaped(argument)}")));

    /// <summary>sudoers(5). Arguments are read twice: by fnmatch(3), where a backslash takes away a meaning, and before that by
    /// sudo, which takes a backslash off a backslash and what separates, leaves it before what is a pattern, and knows it
    /// nowhere else. What separates means nothing to fnmatch.</summary>
    private static string Escaped(string word)
    {
        StringBuilder text = new(word.Length);
        foreach (char letter in word)
        {
            text.Append(letter is '\\' ? @"\\\" : letter is ':' or ',' or '=' or ' ' or '#' or '*' or '?' or '[' or ']' or '!' or '^' ? "\\" : "").Append(letter);
        }

        return text.ToString();
    }
}
