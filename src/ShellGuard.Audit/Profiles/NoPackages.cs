namespace ShellGuard.Audit.Profiles;

/// <summary>A host without packages, or one that is not asked.</summary>
public sealed class NoPackages : IPackageOwners
{
    public static readonly NoPackages Instance = new();

    public string? OwnerOf(string path) => null;

    public string? TreeOf(string path) => null;
}
