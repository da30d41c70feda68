using ShellGuard.Leash.Locating;

namespace ShellGuard.Leash.Sessions;

/// <summary>What the leash was asked to do.</summary>
public sealed record LeashArguments
{
    /// <summary>What stands before the one line that is to run. No shell is ever given it.</summary>
    public static readonly string LineOption = string.Concat('-', 'c');

    /// <summary>Names under which the program is a leash.</summary>
    private static readonly string[] Names = ["leash", "l8ash"];

    /// <summary>The configuration to be used; null for the usual places.</summary>
    public string? Configuration { get; init; }

    /// <summary>The one line to run; null for none.</summary>
    public string? Line { get; init; }

    /// <summary>The script to run; null for none.</summary>
    public string? Script { get; init; }

    /// <summary>Whether the program was started as a login shell.</summary>
    public bool IsLogin { get; init; }

    /// <summary>Whether anything may run, as with l8ash's empty configuration; never for somebody who is held.</summary>
    public bool Unrestricted { get; init; }

    /// <summary>Whether the program's name says that it is a leash: <c>leash</c>, <c>l8ash</c>, or with a hyphen in front
    /// as login(1) starts shells.</summary>
    /// <param name="name">argv[0].</param>
    public static bool IsLeash(string name) => Names.Contains(BaseName(name), StringComparer.Ordinal);

    /// <summary>Reads the arguments of a leash that was started by name.</summary>
    /// <param name="name">argv[0].</param>
    /// <param name="words">The others.</param>
    /// <exception cref="LeashException">They are not understood.</exception>
    public static LeashArguments Parse(string name, IReadOnlyList<string> words)
    {
        LeashArguments arguments = new() { IsLogin = name is ['-', ..] };
        for (int i = 0; i < words.Count; i++)
        {
            switch (words[i])
            {
                case var word when word == LineOption && i + 1 < words.Count:
                    return i + 2 == words.Count
                        ? arguments with { Line = words[i + 1] }
                        : throw new LeashException("nothing may follow the line that is to run", LeashException.Usage);
                case "--config" when i + 1 < words.Count:
                    arguments = arguments with { Configuration = words[++i] };
                    break;
                case "--login" or ['-', 'l']:
                    arguments = arguments with { IsLogin = true };
                    break;
                case "--unrestricted":
                    arguments = arguments with { Unrestricted = true };
                    break;
                case ['-', ..]:
                    throw new LeashException(
                        $"unknown option {words[i]}; there are -c LINE, --config FILE, --login and a script's path",
                        LeashException.Usage);
                default:
                    return i + 1 == words.Count
                        ? arguments with { Script = words[i] }
                        : throw new LeashException("a script takes no arguments", LeashException.Usage);
            }
        }

        return arguments;
    }

    /// <summary>With <c>ForceCommand leash</c> sshd asks a leash to run a leash, and leaves what the person wanted in
    /// SSH_ORIGINAL_COMMAND.</summary>
    /// <param name="environment">The caller's.</param>
    public LeashArguments WithForcedCommand(IReadOnlyDictionary<string, string> environment)
    {
        bool namesUs = Line is { } line && (IsLeash(line) || line is "shellguard leash");
        return (Line is null && Script is null) || namesUs
            ? this with { Line = environment.GetValueOrDefault("SSH_ORIGINAL_COMMAND") }
            : this;
    }

    private static string BaseName(string name) => name[(name.LastIndexOf('/') + 1)..].TrimStart('-');
}
