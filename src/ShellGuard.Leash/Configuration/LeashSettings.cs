namespace ShellGuard.Leash.Configuration;

/// <summary>What holds for a whole configuration, the table <c>[leash]</c>.</summary>
public sealed record LeashSettings
{
    /// <summary>Where bare program names are looked for, and what PATH is for pipelines.</summary>
    public const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public const int DefaultStages = 10;
    public const int MostStages = 64;
    public const int DefaultCommandBytes = 4096;
    public const int MostCommandBytes = 65_536;

    public static readonly LeashSettings Default = new();

    /// <summary>Whether <c>help</c> lists the names.</summary>
    public bool Help { get; init; }

    /// <summary>Whether the Tab key completes names.</summary>
    public bool Completion { get; init; }

    /// <summary>Variables of the caller that pipelines get besides the fixed ones.</summary>
    public IReadOnlyList<string> InheritedVariables { get; init; } = [];

    public string Path { get; init; } = DefaultPath;

    public int MaximumStages { get; init; } = DefaultStages;

    public int MaximumCommandBytes { get; init; } = DefaultCommandBytes;

    /// <summary>After which time a pipeline is ended, where its entry says nothing; null for never.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>After which time without a key the prompt is left; null for never.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>For all lines together.</summary>
    public RateLimit? Rate { get; init; }

    /// <summary>Where journals are kept instead of the user's own storage; null for that.</summary>
    public string? State { get; init; }

    /// <summary>Policy for pipelines whose entry says <c>sandbox = "policy"</c>: a file or a preset's name.</summary>
    public string? Policy { get; init; }

    public Compatibility Compatibility { get; init; } = Compatibility.None;
}
