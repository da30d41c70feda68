using System.Diagnostics;
using System.Globalization;
using ShellGuard.Cells.Limiting;
using ShellGuard.Cells.Sessions;
using ShellGuard.Core.Events;
using ShellGuard.Linux.Handles;
using Xunit;
using PolicyLimits = ShellGuard.Policy.Model.Limits;

namespace ShellGuard.Cells.Tests.Limiting;

/// <summary>Real control groups. Needs root.</summary>
public sealed class CellCgroupTests
{
    private static readonly LimitPlan Processes = LimitPlanner.Plan(
        PolicyLimits.None with { Processes = 5, MemoryBytes = 200 << 20 }, isRoot: true);

    [Fact]
    public void A_process_is_held_and_the_strike_is_seen_and_nothing_is_left()
    {
        string session = $"test-{Guid.NewGuid():N}";
        CellCgroup.Create(Processes, session, out CellCgroup group).OrThrow();
        string[] paths = [.. group.Paths];
        Assert.All(paths, path => Assert.EndsWith($"shellguard-{session}", path, StringComparison.Ordinal));
        ProcessStartInfo start = new("/bin/sh", ["-c", "read go; for i in 1 2 3 4 5 6 7 8; do sleep 1 & done; wait"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        using Process held = Process.Start(start)!;
        group.Add(held.Id).OrThrow();
        Assert.Contains(session, File.ReadAllText($"/proc/{held.Id}/cgroup"), StringComparison.Ordinal);
        held.StandardInput.WriteLine();
        held.WaitForExit();
        LimitStrike strike = Assert.Single(group.Look());
        Assert.Equal(LimitKind.Processes, strike.Kind);
        Assert.Empty(group.Look());
        group.Dispose();
        Assert.All(paths, path => Assert.False(Directory.Exists(path)));
    }

    [Fact]
    public void A_group_that_cannot_be_made_leaves_none()
    {
        string session = $"test-{Guid.NewGuid():N}";
        LimitPlan broken = Processes with
        {
            Groups =
            [
                Processes.Groups[0],
                Processes.Groups[0] with { Settings = [new(LimitKind.Memory, "memory", "no.such.file", "1")] },
            ],
        };
        Assert.True(CellCgroup.Create(broken, session, out CellCgroup group).Failed);
        Assert.Empty(group.Paths);
        Assert.False(Directory.Exists($"{Processes.Groups[0].Parent}/shellguard-{session}"));
    }

    [Fact]
    public void Leftovers_go_when_their_session_is_dead_and_they_are_empty()
    {
        DirectoryInfo root = Directory.CreateTempSubdirectory("leftovers");
        File.SetUnixFileMode(root.FullName, (UnixFileMode)0b111_000_000);
        SessionStorage storage = SessionStorage.Open(root.FullName, 0);
        CgroupPlace place = Processes.Groups[0];
        string[] names = ["dead", "alive", "busy", "unknown"];
        string suffix = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
        string Group(string name) => $"{place.Parent}/shellguard-{name}{suffix}";
        using Process sleeper = Process.Start("/bin/sleep", "100");
        try
        {
            foreach (string name in names)
            {
                Directory.CreateDirectory(Group(name));
            }

            storage.Create($"dead{suffix}");
            storage.Create($"busy{suffix}");
            using Descriptor held = SessionLock.Take(storage.Create($"alive{suffix}"));
            File.WriteAllText($"{Group("busy")}/cgroup.procs", $"{sleeper.Id}");
            Assert.Equal([Group("dead")], CgroupLeftovers.Remove(Processes, storage, TimeProvider.System));
            Assert.False(Directory.Exists(Group("dead")));
            Assert.All(names.Skip(1), name => Assert.True(Directory.Exists(Group(name))));
            Assert.Contains(Group("unknown"), CgroupLeftovers.Remove(Processes, storage, new Later()));
        }
        finally
        {
            sleeper.Kill();
            sleeper.WaitForExit();
            foreach (string path in names.Select(Group).Where(Directory.Exists))
            {
                Directory.Delete(path);
            }

            root.Delete(recursive: true);
        }
    }

    /// <summary>Two minutes from now.</summary>
    private sealed class Later : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromMinutes(2);
    }
}
