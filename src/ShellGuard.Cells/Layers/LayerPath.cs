using ShellGuard.Core;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cells.Layers;

/// <summary>Paths inside a layer: relative to its directory, components joined by <c>/</c>, no leading slash; the
/// directory itself is the empty path. As text they keep every byte, see <see cref="KernelText"/>.</summary>
public static class LayerPath
{
    public static string Join(string directory, string name) =>
        directory.Length == 0 ? name : string.Concat(directory, "/", name);

    /// <summary>The path without its last component; empty for a name directly in the layer.</summary>
    public static string Parent(string path)
    {
        int slash = path.LastIndexOf('/');
        return slash < 0 ? "" : path[..slash];
    }

    public static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>Whether the path is the other one or lies beneath it.</summary>
    public static bool IsAtOrBeneath(string path, string other) =>
        other.Length == 0
        || (path.StartsWith(other, StringComparison.Ordinal)
            && (path.Length == other.Length || path[other.Length] == '/'));

    /// <summary>A path as people give it (slashes at the ends, <c>./</c>, doubled slashes), or null when it has
    /// <c>..</c> or a NUL and so does not name anything in a layer.</summary>
    public static string? Normalise(string path)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        List<string> kept = [];
        foreach (string part in parts)
        {
            if (part == ".." || part.Contains('\0', StringComparison.Ordinal))
            {
                return null;
            }

            if (part != ".")
            {
                kept.Add(part);
            }
        }

        return string.Join('/', kept);
    }

    /// <summary>The path of an escaped one, see <see cref="SafeText.Escape"/>; null when it is not one.</summary>
    internal static string? Parse(string safe) =>
        SafeText.TryParse(safe, out byte[] bytes) ? KernelText.Decode(bytes) : null;
}
