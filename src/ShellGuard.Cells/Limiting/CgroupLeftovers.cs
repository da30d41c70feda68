using ShellGuard.Cells.Sessions;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Limiting;

/// <summary>Removes control groups whose supervisor was killed. Their processes are dead: the kernel ended the cell
/// with its supervisor; a group with a process in it cannot be removed and is left alone.</summary>
internal static class CgroupLeftovers
{
    /// <summary>Between making a group and putting a process into it passes less than this.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    /// <summary>Looks at the places where a new session makes its own groups.</summary>
    /// <param name="storage">This user's sessions; one whose lock is held is alive.</param>
    /// <returns>What was removed.</returns>
    public static IReadOnlyList<string> Remove(LimitPlan plan, SessionStorage storage, TimeProvider time)
    {
        List<string> removed = [];
        foreach (string parent in plan.Groups.Select(place => place.Parent).Distinct(StringComparer.Ordinal))
        {
            foreach (string name in Names(parent))
            {
                string path = $"{parent}/{name}";
                if (IsDead(name[CellCgroup.Prefix.Length..], path, storage, time)
                    && Files.RemoveDirectory(SessionPath.Root, path).Succeeded)
                {
                    removed.Add(path);
                }
            }
        }

        return removed;
    }

    private static bool IsDead(string session, string path, SessionStorage storage, TimeProvider time)
    {
        session = session.Split("-supervisor")[0];
        string directory = storage.DirectoryOf(session);
        if (Files.Status(SessionPath.Root, directory, out _).Succeeded)
        {
            using Descriptor? taken = SessionLock.TryTake(directory);
            return taken is not null;
        }

        // Of a session that is kept elsewhere, or not kept any more.
        return Files.Status(SessionPath.Root, path, out FileStatus status).Succeeded
            && time.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(status.Changed.tv_sec) > Grace;
    }

    private static IEnumerable<string> Names(string parent)
    {
        LinuxResult opened = Files.Open(
            parent, OpenFlags.RDONLY | OpenFlags.DIRECTORY | OpenFlags.CLOEXEC, out Descriptor directory);
        using (directory)
        {
            return opened.Succeeded && DirectoryEntries.List(directory, out List<string> names).Succeeded
                ? [.. names.Where(name => name.StartsWith(CellCgroup.Prefix, StringComparison.Ordinal))]
                : [];
        }
    }
}
