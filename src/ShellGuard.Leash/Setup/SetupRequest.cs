namespace ShellGuard.Leash.Setup;

/// <summary>What is to be set up.</summary>
/// <param name="User">Who is to be held.</param>
/// <param name="Method">How the user gets to the leash.</param>
public sealed record SetupRequest(string User, SetupMethod Method)
{
    public const string DefaultProgram = "/usr/local/bin/leash";

    /// <summary>A directory that stands for the root, without a slash at its end; empty for the host itself.</summary>
    public string Root { get; init; } = "";

    /// <summary>Where the leash's own program is to be, as the host will see it.</summary>
    public string Program { get; init; } = DefaultProgram;

    /// <summary>The file whose copy that program is.</summary>
    public string Source { get; init; } = "/proc/self/exe";

    /// <summary>A path of the host beneath <see cref="Root"/>.</summary>
    public string At(string path) => Root + path;
}
