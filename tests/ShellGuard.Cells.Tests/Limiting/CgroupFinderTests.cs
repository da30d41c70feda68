using ShellGuard.Cells.Limiting;
using Xunit;

namespace ShellGuard.Cells.Tests.Limiting;

/// <summary>The choice of a place in the unified hierarchy, on directories that look like one.</summary>
public sealed class CgroupFinderTests : IDisposable
{
    private static readonly string[] Wanted = ["memory", "pids"];

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("cgroup");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void The_nearest_group_that_gives_the_controllers()
    {
        Group("", "memory pids cpu", "memory pids cpu", "");
        Group("/slice", "memory pids", "memory pids", "", type: "domain");
        Group("/slice/scope", "memory pids", "", "1\n2", type: "domain");
        CgroupPlace? place = Find("/slice/scope", Wanted);
        Assert.Equal($"{_root.FullName}/slice", place?.Parent);
        Assert.Empty(place!.ToEnable);
        Assert.False(place.MustLeave);
    }

    [Fact]
    public void A_group_above_that_gives_too_little_is_passed_over()
    {
        Group("", "memory pids cpu", "memory pids cpu", "");
        Group("/slice", "memory pids", "pids", "", type: "domain");
        Assert.Equal(_root.FullName, Find("/slice", Wanted)?.Parent);
    }

    [Fact]
    public void A_group_of_this_process_alone_is_left_for_a_leaf()
    {
        Group("", "memory pids", "", "", type: "domain");
        Group("/own", "memory pids", "", $"{Environment.ProcessId}", type: "domain");
        CgroupPlace? place = Find("/own", Wanted);
        Assert.Equal($"{_root.FullName}/own", place?.Parent);
        Assert.True(place!.MustLeave);
        Assert.Equal(Wanted, place.ToEnable);
    }

    [Fact]
    public void A_group_with_others_in_it_cannot_give_controllers()
    {
        Group("", "memory pids", "", "", type: "domain");
        Group("/own", "memory pids", "", $"{Environment.ProcessId}\n1", type: "domain");
        Assert.Null(Find("/own", Wanted));
    }

    [Fact]
    public void The_root_gives_controllers_whoever_is_in_it()
    {
        Group("", "memory pids", "", "1\n2\n3");
        CgroupPlace? place = Find("", Wanted);
        Assert.Equal(_root.FullName, place?.Parent);
        Assert.Equal(Wanted, place!.ToEnable);
        Assert.False(place.MustLeave);
    }

    [Fact]
    public void A_controller_that_is_nowhere_is_not_found()
    {
        Group("", "hugetlb", "hugetlb", "1");
        Assert.Null(Find("", Wanted));
    }

    private CgroupPlace? Find(string own, IReadOnlyList<string> controllers) => new CgroupFinder(
        new CgroupHost(_root.FullName + own, _root.FullName, new Dictionary<string, string>()))
        .FindVersion2(controllers);

    private void Group(string path, string controllers, string given, string processes, string? type = null)
    {
        string directory = _root.FullName + path;
        Directory.CreateDirectory(directory);
        File.WriteAllText($"{directory}/cgroup.controllers", controllers + "\n");
        File.WriteAllText($"{directory}/cgroup.subtree_control", given + "\n");
        File.WriteAllText($"{directory}/cgroup.procs", processes + "\n");
        if (type is not null)
        {
            File.WriteAllText($"{directory}/cgroup.type", type + "\n");
        }
    }
}
