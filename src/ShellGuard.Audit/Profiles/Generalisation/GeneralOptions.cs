namespace ShellGuard.Audit.Profiles.Generalisation;

/// <summary>How far names may stand for others.</summary>
public sealed record GeneralOptions
{
    /// <summary>Files of one directory with the same operation from which on the directory is meant.</summary>
    public const int DefaultThreshold = 16;

    /// <summary>See <see cref="DefaultThreshold"/>; 0 for never.</summary>
    public int Threshold { get; init; } = DefaultThreshold;

    /// <summary>Whether no name stands for another.</summary>
    public bool IsExact { get; init; }

    public IPackageOwners Packages { get; init; } = NoPackages.Instance;
}
