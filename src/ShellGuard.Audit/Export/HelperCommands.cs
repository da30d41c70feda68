using ShellGuard.Audit.Model;
using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Profiles.Privileges;
using ShellGuard.Core;
using ShellGuard.Core.Events;

namespace ShellGuard.Audit.Export;

/// <summary>Commands with fixed arguments that need root, for sudo and doas.</summary>
internal static class HelperCommands
{
    private const int Most = 100;

    // With these, somebody who may choose nothing but the terminal's input still gets a shell, or the arguments are code.
    private static readonly HashSet<string> Escapes = new(StringComparer.Ordinal)
    {
        "sh", "bash", "dash", "zsh", "ksh", "busybox", "python", "python3", "perl", "ruby", "node", "lua", "php", "awk", "gawk", "mawk", "sed",
        "vi", "vim", "nano", "ed", "emacs", "less", "more", "man", "find", "xargs", "env", "tar", "zip", "git", "ssh", "scp", "rsync", "gdb",
        "strace", "nmap", "make", "apt", "apt-get", "dpkg", "rpm", "docker", "podman", "systemctl", "journalctl", "crontab", "mount", "tee",
        "cp", "mv", "dd", "chmod", "chown", "setcap", "nsenter", "unshare", "chroot", "su", "sudo", "screen", "tmux", "watch", "time", "timeout", "nice",
    };

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

        string name = process.Program[(process.Program.LastIndexOf('/') + 1)..];
        return new HelperCommand(process.Program, words, Escapes.Contains(name) || name.StartsWith("python", StringComparison.Ordinal), "");
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
