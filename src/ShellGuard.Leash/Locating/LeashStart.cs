using ShellGuard.Linux.Calls;

namespace ShellGuard.Leash.Locating;

/// <summary>How the leash was started, as far as it decides whom to trust.</summary>
/// <param name="User">Whose leash it is.</param>
/// <param name="Groups">Names of the user's groups.</param>
/// <param name="Environment">The caller's environment, which nobody has to believe.</param>
public sealed record LeashStart(
    Account User, IReadOnlyList<string> Groups, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>Where an administrator keeps the configurations of users and groups.</summary>
    public const string SystemDirectory = "/etc/shellguard/leash.d";

    private static readonly string[] SshVariables = ["SSH_CONNECTION", "SSH_CLIENT", "SSH_ORIGINAL_COMMAND"];

    /// <summary>The configuration that the command line names, or null.</summary>
    public string? NamedFile { get; init; }

    /// <summary>Whether it is the user's login shell.</summary>
    public bool IsLoginShell { get; init; }

    /// <summary>Whether the program has rights that its caller has not.</summary>
    public bool HasForeignRights { get; init; }

    /// <summary>Another directory for tests.</summary>
    internal string Directory { get; init; } = SystemDirectory;

    /// <summary>Whether somebody logged in by ssh.</summary>
    public bool IsUnderSsh => SshVariables.Any(Environment.ContainsKey);

    /// <summary>Whether the person in front of it is the one that it holds. Elsewhere they could as well not start it.
    /// </summary>
    public bool IsStrict => IsLoginShell || IsUnderSsh || HasForeignRights;

    /// <summary>Where <c>~/.l8ashrc</c> is: HOME may be chosen only where nobody is held.</summary>
    public string Home => !IsStrict && Environment.GetValueOrDefault("HOME") is ['/', ..] home ? home : User.Home;
}
