namespace ShellGuard.Leash.Setup;

/// <summary>What a step changed, and what was there before: enough to take it back.</summary>
/// <param name="Kind">As <see cref="SetupStep.Kind"/>.</param>
/// <param name="Target">A path, or a user's name.</param>
/// <param name="Before">The hash of a file, a login shell, what a line needed in front of it; null where there was
/// nothing.</param>
/// <param name="After">The same of what the step made of it.</param>
public sealed record SetupMemory(string Kind, string Target, string? Before, string After)
{
    /// <summary>The name of the copy of what a file was; null where there was none.</summary>
    public string? Backup { get; init; }

    public uint Mode { get; init; }

    public uint Owner { get; init; }

    public uint Group { get; init; }

    /// <summary>Whether other users' leashes may need it as well.</summary>
    public bool IsShared { get; init; }
}
