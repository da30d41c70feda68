using System.Diagnostics;
using ShellGuard.Cells.Limiting;
using Xunit;

namespace ShellGuard.Cells.Tests.Limiting;

/// <summary>The unified hierarchy, really: a group that this process is alone in is left for a leaf so that it can
/// give its controllers, and everything is as before afterwards. Needs root and any one controller there. Alone,
/// because a process that another test starts meanwhile would be in the leaf too.</summary>
[CollectionDefinition(nameof(UnifiedGroupTests), DisableParallelization = true)]
[Collection(nameof(UnifiedGroupTests))]
public sealed class UnifiedGroupTests
{
    [Fact]
    public void A_process_alone_in_its_group_makes_room_and_comes_back()
    {
        CgroupHost host = CgroupHost.Read();
        Assert.NotNull(host.UnifiedMount);
        string controller = CgroupFile.Words($"{host.UnifiedMount}/cgroup.controllers")[0];
        CgroupFile.Write($"{host.UnifiedMount}/cgroup.subtree_control", $"+{controller}").OrThrow();
        string own = Directory.CreateDirectory($"{host.UnifiedMount}/test-{Guid.NewGuid():N}").FullName;
        string self = $"{Environment.ProcessId}";
        using Process sleeper = Process.Start("/bin/sleep", "1000");
        CellCgroup? made = null;
        try
        {
            CgroupFile.Write($"{own}/cgroup.procs", self).OrThrow();
            CgroupPlace? place = new CgroupFinder(host with { Unified = own }).FindVersion2([controller, "no such controller"]);
            Assert.Null(place);

            // The groups above already give it, so the nearest that does is taken, without leaving anything.
            place = new CgroupFinder(host with { Unified = own }).FindVersion2([controller]);
            Assert.Equal(host.UnifiedMount, place?.Parent);

            LimitPlan plan = new([], [new CgroupPlace(2, own, []) { ToEnable = [controller], MustLeave = true }]);
            CellCgroup.Create(plan, "unified", out CellCgroup group).OrThrow();
            made = group;
            group.Add(sleeper.Id).OrThrow();

            // The sweeper is with its supervisor; so is whatever else an earlier test left running in the background.
            string leaf = $"{own}/shellguard-unified-supervisor/cgroup.procs";
            Assert.Contains(self, CgroupFile.Words(leaf));

            // It may still be about to execute its program.
            Assert.True(SpinWait.SpinUntil(
                () => CgroupFile.Words(leaf).Except([self]).Select(NameOf).Contains("shellguard-sweeper"),
                TimeSpan.FromSeconds(10)));
            Assert.Equal([$"{sleeper.Id}"], CgroupFile.Words($"{own}/shellguard-unified/cgroup.procs"));
            Assert.Equal([controller], CgroupFile.Words($"{own}/cgroup.subtree_control"));

            // What is still in the group when the session ends is killed with it.
            group.Dispose();
            Assert.True(sleeper.WaitForExit(10_000));
            Assert.Equal([self], CgroupFile.Words($"{own}/cgroup.procs"));
            Assert.Empty(Directory.GetDirectories(own));
        }
        finally
        {
            made?.Dispose();
            CgroupFile.Write($"{host.Unified}/cgroup.procs", self).OrThrow();
            sleeper.Kill();
            sleeper.WaitForExit();
            Remove(own);
        }
    }

    /// <summary>The first word of its command; empty when it has ended meanwhile.</summary>
    private static string NameOf(string process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Split('\0')[0];
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>Who was in a group can keep it busy until it is waited for, and the sweeper is nobody's whom we know.</summary>
    private static void Remove(string group)
    {
        Assert.True(SpinWait.SpinUntil(() => TryRemove(group), TimeSpan.FromSeconds(10)), $"{group} stays busy");
    }

    private static bool TryRemove(string group)
    {
        try
        {
            Directory.Delete(group);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
