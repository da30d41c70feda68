namespace ShellGuard.Audit.Profiles;

/// <summary>Which package a file of the host belongs to.</summary>
public interface IPackageOwners
{
    /// <summary>The package, or null for a file that belongs to none.</summary>
    string? OwnerOf(string path);

    /// <summary>The highest directory above or at the path that belongs to its package alone; null where there is
    /// none.</summary>
    string? TreeOf(string path);
}
