using ShellGuard.Cells.Walls;

namespace ShellGuard.Cells.Sessions;

/// <summary>Sessions of one owner that run now. What they may see was decided when they began: data with a label that came to the
/// host meanwhile would be in their views without it.</summary>
internal static class RunningSessions
{
    /// <summary>What to say where another session runs; null where none does. Asked when the label stands on the disk already, so
    /// that a session which begins behind the question knows it.</summary>
    /// <param name="own">The session whose data it is.</param>
    public static string? Refusal(CommittedLabels labels, string own)
    {
        foreach (DirectoryInfo directory in new DirectoryInfo($"{labels.StorageRoot}/sessions").EnumerateDirectories())
        {
            if (directory.Name != own && SessionLock.IsHeld(directory.FullName))
            {
                return $"session {directory.Name} runs, and would see it without its label; end that session first";
            }
        }

        return null;
    }
}
