using ShellGuard.Cells.View;

namespace ShellGuard.Cells.Planning;

/// <summary>Finds a command as a shell would, in the cell's view.</summary>
internal static class CommandFinder
{
    /// <param name="name">A name to look up in <paramref name="searchPath"/>, or a path.</param>
    /// <param name="searchPath">Directories separated by colons.</param>
    /// <returns>The absolute path, or null when there is none that the cell sees.</returns>
    public static string? Find(
        string name, string searchPath, string workingDirectory, ViewPlan view, IHostFiles host)
    {
        if (name.Contains('/', StringComparison.Ordinal))
        {
            string path = Path.GetFullPath(name, workingDirectory);
            return IsVisible(path, view, host) ? path : null;
        }

        foreach (string directory in searchPath.Split(':'))
        {
            string path = Path.GetFullPath(Path.Join(directory.Length == 0 ? "." : directory, name), workingDirectory);
            if (IsVisible(path, view, host) && host.IsExecutable(path))
            {
                return path;
            }
        }

        return null;
    }

    private static bool IsVisible(string path, ViewPlan view, IHostFiles host) =>
        host.RealPath(path) is { } real && view.ProtectionOf(real) is not { IsHidden: true };
}
