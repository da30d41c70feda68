using System.Text;
using ShellGuard.Audit.Profiles;

namespace ShellGuard.Audit.Export;

/// <summary>Lines for sudoers(5) about helper commands.</summary>
public sealed class SudoersExporter : IExporter
{
    public string Name => "sudoers";

    public string Description => "sudoers lines for the helper commands that need root";

    public string Write(AccessProfile profile, ExportOptions options)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(options);
        StringBuilder text = new();
        CommentText comment = new(text);
        comment.Head(profile, "Lines for /etc/sudoers.d: helper commands with fixed arguments");
        comment.Missing("What sudoers cannot say:", ["what the helper itself may access", "that its files do not change (a digest in front of the command can)"]);
        comment.Privileges(profile, "What root was needed for:");
        HelperCommands.Write(
            profile, text, comment, command => LineOf(command, options.User), "sudoers has no words for an empty argument");
        return text.ToString();
    }

    // Without arguments sudo takes any; "" takes none.
    private static string? LineOf(HelperCommand command, string user) => command.Arguments.Contains("") ? null
        : $"{user} ALL=(root) NOPASSWD: {Escaped(command.Program)}"
            + (command.Arguments.Count == 0 ? " \"\"" : string.Concat(command.Arguments.Select(argument => $" {Escaped(argument)}")));

    /// <summary>sudoers(5): what separates is escaped, and so is what would be a pattern of fnmatch(3).</summary>
    private static string Escaped(string word)
    {
        StringBuilder text = new(word.Length);
        foreach (char letter in word)
        {
            text.Append(letter is ',' or ':' or '=' or '\\' or ' ' or '#' or '*' or '?' or '[' or ']' or '!' or '"' or '(' or ')' or '^' or '$' or '@' or '%' or '\'' ? "\\" : "").Append(letter);
        }

        return text.ToString();
    }
}
