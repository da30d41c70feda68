namespace ShellGuard.Cells.Planning;

/// <summary>Text operations on absolute, normalised paths.</summary>
internal static class Paths
{
    /// <summary>Whether <paramref name="path"/> is <paramref name="directory"/> or lies beneath it.</summary>
    public static bool IsAtOrBeneath(string path, string directory) =>
        directory == "/" || path == directory
        || (path.Length > directory.Length && path[directory.Length] == '/'
            && path.StartsWith(directory, StringComparison.Ordinal));

    public static bool IsBeneath(string path, string directory) => path != directory && IsAtOrBeneath(path, directory);

    /// <summary>The directory of a path; <c>/</c> for the root itself.</summary>
    public static string Parent(string path)
    {
        int slash = path.LastIndexOf('/');
        return slash <= 0 ? "/" : path[..slash];
    }

    public static string Join(string directory, string name) => directory == "/" ? $"/{name}" : $"{directory}/{name}";

    /// <summary>The part of <paramref name="path"/> below <paramref name="directory"/>, without a leading slash.</summary>
    public static string Below(string path, string directory) =>
        directory == "/" ? path[1..] : path[(directory.Length + 1)..];

    /// <summary>How many components.</summary>
    public static int Depth(string path) => path == "/" ? 0 : path.AsSpan().Count('/');
}
