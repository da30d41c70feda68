using System.Text;
using ShellGuard.Audit.Profiles;

namespace ShellGuard.Audit.Export;

/// <summary>Lines for doas.conf(5) about helper commands.</summary>
public sealed class DoasExporter : IExporter
{
    public string Name => "doas";

    public string Description => "doas.conf lines for the helper commands that need root";

    public ExportChoices Choices => ExportChoices.User;

    public string Write(AccessProfile profile, ExportOptions options)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(options);
        StringBuilder text = new();
        CommentText comment = new(text);
        comment.Head(profile, "Lines for /etc/doas.conf: helper commands with fixed arguments");
        comment.Missing("What doas cannot say:", ["what the helper itself may access", "that its files do not change"]);
        comment.Privileges(profile, "What root was needed for:");
        HelperCommands.Write(
            profile, text, comment,
            command => $"permit nopass {options.User} as root cmd {Quoted(command.Program)} args"
                + string.Concat(command.Arguments.Select(argument => $" {Quoted(argument)}")),
            wordless: null);
        return text.ToString();
    }

    private static string Quoted(string word) =>
        $"\"{word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
