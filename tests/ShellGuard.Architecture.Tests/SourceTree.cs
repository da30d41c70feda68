using ShellGuard.Linux.Tests;

namespace ShellGuard.Architecture.Tests;

/// <summary>The files of the checkout that are written by people: no build output, nothing of git's.</summary>
internal static class SourceTree
{
    private static readonly string[] Foreign = ["artifacts", ".git", ".vs", ".idea", "bin", "obj", "node_modules"];

    internal static string Root => Repository.Root;

    /// <summary>Every file, as a path relative to the root.</summary>
    internal static IReadOnlyList<string> Files { get; } = [.. Walk(Repository.Root).Order(StringComparer.Ordinal)];

    /// <summary>The C# files of the product.</summary>
    internal static IEnumerable<string> Sources =>
        Files.Where(file => file.StartsWith("src/", StringComparison.Ordinal)
            && file.EndsWith(".cs", StringComparison.Ordinal));

    /// <summary>The pages for people.</summary>
    internal static IEnumerable<string> Pages => Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal));

    internal static string Text(string file) => File.ReadAllText(Path.Combine(Root, file));

    internal static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    private static IEnumerable<string> Walk(string directory)
    {
        foreach (string file in Directory.EnumerateFiles(directory))
        {
            // In a second working tree .git is a file.
            if (Path.GetFileName(file) != ".git")
            {
                yield return Path.GetRelativePath(Repository.Root, file);
            }
        }

        foreach (string below in Directory.EnumerateDirectories(directory))
        {
            if (!Foreign.Contains(Path.GetFileName(below)) && new DirectoryInfo(below).LinkTarget is null)
            {
                foreach (string file in Walk(below))
                {
                    yield return file;
                }
            }
        }
    }
}
