using System.Diagnostics.CodeAnalysis;
using System.Text;
using ShellGuard.Audit.Model;
using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Profiles.Privileges;
using ShellGuard.Audit.Reports;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Linux.Calls;
using ShellGuard.Policy.Lint;

namespace ShellGuard.Audit.Export;

/// <summary>Commands with fixed arguments that need root, for sudo and doas.</summary>
internal static class HelperCommands
{
    private const int Most = 100;

    /// <summary>Each command once, in order; the most are written.</summary>
    /// <param name="leftOut">The others, each with the reason, as lines.</param>
    private static List<HelperCommand> Of(AccessProfile profile, SortedSet<string> leftOut)
    {
        Dictionary<string, HelperCommand> commands = new(StringComparer.Ordinal);
        foreach (PrivilegeNeed need in profile.Privileges)
        {
            foreach (GeneralAccess access in need.Accesses)
            {
                foreach (SeenAccess seen in access.Members)
                {
                    if (seen.Access.Chain is not [var process, _, ..] || !process.Program.StartsWith('/'))
                    {
                        continue;
                    }

                    if (!TryRead(process, out HelperCommand? command, out string? problem))
                    {
                        leftOut.Add($"{AccessText.Program(process)} ({AccessText.Arguments(process.Arguments)}): {problem}");
                    }
                    else if (!commands.ContainsKey(command.Line))
                    {
                        commands.Add(command.Line, command with { Evidence = CommentText.Evidence(profile, access) });
                    }
                }
            }
        }

        return [.. commands.Values.OrderBy(command => command.Line, StringComparer.Ordinal)];
    }

    /// <summary>Writes a line for each command, its evidence above it. What amounts to root is left out, as a comment.
    /// </summary>
    /// <param name="lineOf">The line for a command; null where the target has no words for it.</param>
    /// <param name="wordless">What is said then.</param>
    public static void Write(
        AccessProfile profile, StringBuilder text, CommentText comment, Func<HelperCommand, string?> lineOf, string? wordless = null)
    {
        SortedSet<string> leftOut = new(StringComparer.Ordinal);
        List<HelperCommand> commands = Of(profile, leftOut);
        foreach (HelperCommand command in commands.Take(Most))
        {
            comment.Line(command.Evidence);
            if (command.IsEscape)
            {
                comment.Line("Amounts to root: it runs what its input, files or arguments say. Left out.");
            }

            if (lineOf(command) is { } line)
            {
                text.Append(command.IsEscape ? "# " : "").Append(line).Append('\n');
            }
            else
            {
                comment.Line($"Left out: {wordless}.");
            }
        }

        comment.Missing("Left out, because the command is not known exactly or cannot be written:", leftOut);
        if (commands.Count > Most)
        {
            comment.Line();
            comment.Line($"Left out: {commands.Count - Most} more commands; {Most} are written.");
        }
    }

    private static bool TryRead(ProcessIdentity process, [NotNullWhen(true)] out HelperCommand? command, [NotNullWhen(false)] out string? problem)
    {
        ArgumentVector arguments = process.Arguments;
        command = null;
        problem = !arguments.IsWhole ? "the recording does not have all of its arguments"
            : arguments.Count == 0 ? "the recording does not have its arguments"
            : null;
        List<string> words = [];
        foreach (HostileText argument in arguments.Kept.Skip(1))
        {
            words.Add(KernelText.Decode(argument.Kept.Span));
        }

        if (words.Prepend(process.Program).Any(word => word.Any(char.IsControl) || !KernelText.IsUnicode(word)))
        {
            problem ??= "control characters, or bytes that are no text, are in it";
        }

        if (problem is null)
        {
            command = new HelperCommand(process.Program, words, ProgramTraits.AmountsToItsUser(process.Program), "");
        }

        return problem is null;
    }
}
