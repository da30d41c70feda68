namespace ShellGuard.System.Tests.Support;

/// <summary>What is left of an area's sessions on the host. A namespace lives as long as a process or a mount holds
/// it, so none of both means none of them.</summary>
internal static class Leftovers
{
    /// <summary>Processes, mounts and cgroups; empty when all is gone.</summary>
    public static IReadOnlyList<string> Of(TestArea area) =>
        [.. Processes(area), .. Mounts(area), .. ControlGroups(area)];

    /// <summary>Waits until the trials that there are now have taken their directories away. Other tests may have some at the
    /// same time, which go when they end.</summary>
    public static void AssertNoTrials()
    {
        string[] left = Directory.GetDirectories("/var/tmp", "shellguard-verify-*");
        Programs.WaitUntil(() => !Array.Exists(left, Path.Exists), () => $"the end of {string.Join(' ', left)}", TimeSpan.FromMinutes(5));
    }

    /// <summary>Waits until nothing is left.</summary>
    public static void AssertNone(TestArea area)
    {
        IReadOnlyList<string> left = [];
        DateTimeOffset end = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(20);
        while ((left = Of(area)).Count > 0)
        {
            if (TimeProvider.System.GetUtcNow() > end)
            {
                Xunit.Assert.Fail($"left behind:\n{string.Join('\n', left)}");
            }

            Thread.Sleep(20);
        }
    }

    /// <summary>Children of a process.</summary>
    public static IReadOnlyList<int> ChildrenOf(int process)
    {
        List<int> children = [];
        try
        {
            // Any thread may be the one that made the child.
            foreach (string task in Directory.GetDirectories($"/proc/{process}/task"))
            {
                foreach (string child in File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                {
                    children.Add(int.Parse(child, global::System.Globalization.CultureInfo.InvariantCulture));
                }
            }
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, and has no children any more.
        }

        return children;
    }

    /// <summary>Directories in procfs of the processes in the area's cells.</summary>
    public static IEnumerable<string> CellProcesses(TestArea area) => Directory.GetDirectories("/proc")
        .Where(path => char.IsAsciiDigit(path[6])
            && Read($"{path}/mountinfo").Contains(area.Root, StringComparison.Ordinal));

    private static IEnumerable<string> Processes(TestArea area)
    {
        HashSet<string> sessions = Names(area);
        foreach (string process in Directory.GetDirectories("/proc").Where(path => char.IsAsciiDigit(path[6])))
        {
            // A cell's mounts name the area; before it has its own, it is a copy of the supervisor.
            string words = Read($"{process}/cmdline");
            if (Read($"{process}/mountinfo").Contains(area.Root, StringComparison.Ordinal)
                || (words.StartsWith("shellguard-sweeper", StringComparison.Ordinal)
                    && sessions.Any(session => words.Contains(session, StringComparison.Ordinal)))
                || (words.StartsWith(NativeBinary.Path, StringComparison.Ordinal)
                    && Read($"{process}/environ").Contains(area.State, StringComparison.Ordinal)))
            {
                yield return $"process {process[6..]}: {words.Replace('\0', ' ')}";
            }
        }
    }

    private static IEnumerable<string> Mounts(TestArea area) => File.ReadLines("/proc/self/mountinfo")
        .Where(line => line.Contains(area.Root, StringComparison.Ordinal))
        .Select(line => $"mount {line}");

    private static IEnumerable<string> ControlGroups(TestArea area)
    {
        HashSet<string> sessions = Names(area);
        EnumerationOptions all = new() { RecurseSubdirectories = true, IgnoreInaccessible = true };
        return Directory.EnumerateDirectories("/sys/fs/cgroup", "*", all)
            .Where(path => sessions.Any(session => Path.GetFileName(path).Contains(session, StringComparison.Ordinal)))
            .Select(path => $"cgroup {path}");
    }

    private static HashSet<string> Names(TestArea area) => [.. area.Sessions.Select(path => Path.GetFileName(path)!)];

    /// <summary>A file of procfs; empty when its process is gone.</summary>
    public static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
