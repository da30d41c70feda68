using ShellGuard.Policy.Evaluation;

namespace ShellGuard.Policy.Model;

/// <summary>What a dynamically linked program needs to start at all: a cell whose policy grants no root directory shows
/// it without a rule.</summary>
public static class NeededPaths
{
    /// <summary>Directories that on a host with a merged /usr are links into it, file-hierarchy(7).</summary>
    public static IReadOnlyList<string> Merged { get; } = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];

    /// <summary>Paths that are shown, read-only.</summary>
    public static IReadOnlyList<string> All { get; } = ["/usr", "/etc/ld.so.cache", "/etc/alternatives"];

    /// <summary>Whether a path is among all these, or beneath one.</summary>
    public static bool Show(string path) =>
        All.Concat(Merged).Any(shown => PathText.IsAtOrBeneath(path, shown));
}
