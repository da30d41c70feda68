namespace ShellGuard.Audit.Profiles.Generalisation;

/// <summary>Places whose name is a number of the user or of a terminal.</summary>
internal sealed class NumberedPlaces : IPathRule
{
    public GeneralRule Rule { get; } = new("numbered-place", "the number is that of a user or of a terminal");

    public void Apply(PathParts path)
    {
        foreach (string place in (string[])["/run/user", "/dev/pts"])
        {
            if (path.IsBeneath(place) && path.Literal.Count > 2 && path.Literal[2].All(char.IsAsciiDigit))
            {
                path.Replace(2, "*", Rule);
            }
        }
    }
}
