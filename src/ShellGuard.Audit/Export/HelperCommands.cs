using System.Text;
using ShellGuard.Audit.Model;
using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Profiles.Privileges;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Policy.Lint;

namespace ShellGuard.Audit.Export;

/// <summary>Commands with fixed arguments that need root, for sudo and doas.</summary>
internal static class HelperCommands
{
    private const int Most = 100;

    /// <summary>Each command once, in order.</summary>
    public static IReadOnlyList<HelperCommand> Of(AccessProfile profile)
    {
        Dictionary<string, HelperCommand> commands = new(StringComparer.Ordinal);
        foreach (PrivilegeNeed need in profile.Privileges)
        {
            foreach (GeneralAccess access in need.Accesses)
            {
                foreach (SeenAccess seen in access.Members)
                {
                    if (seen.Access.Chain.Count > 1 && commands.Count < Most && Read(seen.Access.Chain[0]) is { } command)
                    {
                        commands.TryAdd(command.Line, command with { Evidence = CommentText.Evidence(profile, access) });
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
        foreach (HelperCommand command in Of(profile))
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
    }

    private static HelperCommand? Read(ProcessIdentity process)
    {
        ArgumentVector arguments = process.Arguments;
        if (!process.Program.StartsWith('/') || arguments.Count == 0 || arguments.Sha256 is not null || process.Program.Any(char.IsControl))
        {
            return null;
        }

        List<string> words = [];
        foreach (HostileText argument in arguments.Kept.Skip(1))
        {
            string word = Linux.Calls.KernelText.Decode(argument.Kept.Span);
            if (word.Any(char.IsControl) || !Linux.Calls.KernelText.IsUnicode(word))
            {
                return null;
            }

            words.Add(word);
        }

        return new HelperCommand(process.Program, words, ProgramTraits.AmountsToItsUser(process.Program), "");
    }
}

/// <summary>A command with fixed arguments.</summary>
/// <param name="Program">Absolute path.</param>
/// <param name="Arguments">Without the program.</param>
/// <param name="IsEscape">Running it as root amounts to being root.</param>
/// <param name="Evidence">What it needed root for.</param>
internal sealed record HelperCommand(string Program, IReadOnlyList<string> Arguments, bool IsEscape, string Evidence)
{
    /// <summary>For order and identity only.</summary>
    public string Line => string.Join('\0', Arguments.Prepend(Program));
}
