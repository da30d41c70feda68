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
        foreach (HelperCommand command in HelperCommands.Of(profile))
        {
            text.Append("# ").Append(command.Evidence).Append('\n');
            if (command.IsEscape)
            {
                comment.Line("Amounts to root: it runs what its input, files or arguments say. Left out.");
            }

            if (command.Arguments.Contains(""))
            {
                comment.Line("Left out: sudoers has no words for an empty argument.");
                continue;
            }

            // Without arguments sudo takes any; "" takes none.
            text.Append(command.IsEscape ? "# " : "").Append(options.User).Append(" ALL=(root) NOPASSWD: ").Append(Escaped(command.Program))
                .Append(command.Arguments.Count == 0 ? " \"\"" : "");
            foreach (string argument in command.Arguments)
            {
                text.Append(' ').Append(Escaped(argument));
            }

            text.Append('\n');
        }

        return text.ToString();
    }

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
