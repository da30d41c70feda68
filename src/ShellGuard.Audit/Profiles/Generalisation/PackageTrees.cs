namespace ShellGuard.Audit.Profiles.Generalisation;

/// <summary>Directories that one package has for itself.</summary>
internal sealed class PackageTrees(IPackageOwners owners) : IPathRule
{
    public GeneralRule Rule { get; } = new("package-tree", "one Debian package has the directory for itself");

    public void Apply(PathParts path)
    {
        // Below /etc files are the administrator's; elsewhere than in /usr and /lib they are data.
        if (path.IsLook && (path.IsBeneath("/usr") || path.IsBeneath("/lib")) && owners.TreeOf(path.Path) is { } tree)
        {
            path.TakeTree(tree.Count(letter => letter == '/'), Rule);
        }
    }
}
