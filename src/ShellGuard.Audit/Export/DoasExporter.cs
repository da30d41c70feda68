using System.Text;
using ShellGuard.Audit.Profiles;

namespace ShellGuard.Audit.Export;

/// <summary>Lines for doas.conf(5) about helper commands.</summary>
public sealed class DoasExporter : IExporter
{
    public string Name => "doas";

    public string Description => "doas.conf lines for the helper commands that need root";

    public string Write(AccessProfile profile, ExportOptions options)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(options);
        StringBuilder text = new();
        CommentText comment = new(text);
        comment.Head(profile, "Lines for /etc/doas.conf: helper commands with fixed arguments");
        comment.Missing("What doas cannot say:", ["what the helper itself may access", "that its files do not change"]);
        comment.Privileges(profile, "What root was needed for:");
        foreach (HelperCommand command in HelperCommands.Of(profile))
        {
            text.Append("# ").Append(command.Evidence).Append('\n');
            if (command.IsEscape)
            {
                comment.Line("Amounts to root: it runs what its input, files or arguments say. Left out.");
            }

            text.Append(command.IsEscape ? "# " : "").Append("permit nopass ").Append(options.User).Append(" as root cmd ").Append(Quoted(command.Program)).Append(" args");
            foreach (string argument in command.Arguments)
            {
                text.Append(' ').Append(Quoted(argument));
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Quoted(string word) =>
        $"\"{word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
