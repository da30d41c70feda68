using System.Buffers;
using ShellGuard.Policy.Model;

namespace ShellGuard.Audit.Profiles.Generalisation;

/// <summary><c>libssl.so.3.0.1</c>.</summary>
internal sealed class VersionedLibraries : IPathRule
{
    private static readonly SearchValues<char> VersionCharacters = SearchValues.Create("0123456789.");

    public GeneralRule Rule { get; } = new("versioned-library", "an update changes the number behind the library's name");

    public void Apply(PathParts path)
    {
        if (!path.IsLook || path.Literal.Count == 0)
        {
            return;
        }

        string name = path.Literal[^1];
        int version = name.IndexOf(".so.", StringComparison.Ordinal);
        if (version > 0 && name.AsSpan(version + 4).IndexOfAnyExcept(VersionCharacters) < 0)
        {
            path.Replace(path.Literal.Count - 1, Glob.Quote(name[..(version + 4)]) + "*", Rule);
        }
    }
}
