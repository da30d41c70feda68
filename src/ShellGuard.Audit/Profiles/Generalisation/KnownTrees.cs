namespace ShellGuard.Audit.Profiles.Generalisation;

/// <summary>Trees of which a program reads what the language or the module of the day wants.</summary>
internal sealed class KnownTrees : IPathRule
{
    private static readonly string[] Places =
    [
        "/usr/share/locale", "/usr/lib/locale", "/usr/share/i18n", "/usr/share/zoneinfo", "/usr/share/terminfo", "/lib/terminfo",
        "/usr/lib/terminfo", "/etc/terminfo", "/usr/share/icons", "/usr/share/fonts", "/usr/share/mime", "/usr/share/X11/locale",
    ];

    private static readonly string[] Modules =
        ["site-packages", "dist-packages", "node_modules", "gems", "perl5", "perl", "__pycache__"];

    public GeneralRule Rule { get; } = new("data-tree", "which files of the tree are read depends on language, terminal or modules");

    public void Apply(PathParts path)
    {
        if (!path.IsLook)
        {
            return;
        }

        string? place = Array.Find(Places, path.IsBeneath);
        if (place is not null)
        {
            path.TakeTree(place.Count(letter => letter == '/'), Rule);
            return;
        }

        // Only where nobody but root writes: in a home the tree would be the person's code.
        if (!path.IsBeneath("/usr"))
        {
            return;
        }

        for (int part = 0; part < path.Literal.Count - 1; part++)
        {
            if (Array.IndexOf(Modules, path.Literal[part]) >= 0)
            {
                path.TakeTree(part + 1, Rule);
                return;
            }
        }
    }
}
