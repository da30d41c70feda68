using ShellGuard.Cells.Limiting;
using Xunit;

namespace ShellGuard.Cells.Tests.Limiting;

/// <summary>Where this process's control groups are seen, on the layouts that hosts have.</summary>
public sealed class CgroupHostTests
{
    [Fact]
    public void A_unified_hierarchy()
    {
        CgroupHost host = CgroupHost.Parse(
            "0::/user.slice/user-1000.slice/session-3.scope\n",
            "29 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n");
        Assert.Equal("/sys/fs/cgroup/user.slice/user-1000.slice/session-3.scope", host.Unified);
        Assert.Equal("/sys/fs/cgroup", host.UnifiedMount);
        Assert.Empty(host.Own);
    }

    [Fact]
    public void Hierarchies_of_their_own_with_an_empty_unified_one()
    {
        CgroupHost host = CgroupHost.Parse(
            "4:memory:/job/one\n3:cpu,cpuacct:/\n2:name=systemd:/\n0::/\n",
            "30 23 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
            + "31 23 0:28 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
            + "32 23 0:29 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n");
        Assert.Equal("/sys/fs/cgroup/memory/job/one", host.Own["memory"]);
        Assert.Equal("/sys/fs/cgroup/cpu,cpuacct", host.Own["cpu"]);
        Assert.Equal("/sys/fs/cgroup/unified", host.Unified);
    }

    [Fact]
    public void A_container_sees_its_group_as_the_root()
    {
        CgroupHost host = CgroupHost.Parse(
            "4:memory:/docker/abc\n0::/\n",
            "30 23 0:27 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n"
            + "29 23 0:26 / /sys/fs/cgroup/unified ro - cgroup2 cgroup rw\n");
        Assert.Equal("/sys/fs/cgroup/memory", host.Own["memory"]);
    }

    [Theory]
    [InlineData("0::/../outside\n", "29 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n")]
    [InlineData("0::/a\n", "29 23 0:26 /b /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n")]
    [InlineData("0::/ab\n", "29 23 0:26 /a /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n")]
    [InlineData("0::/a\n", "29 23 0:26 / /sys rw - sysfs sysfs rw\n")]
    [InlineData("", "")]
    [InlineData("garbage\n::\n", "garbage - cgroup2\n")]
    public void What_is_not_seen_is_not_used(string groups, string mounts)
    {
        CgroupHost host = CgroupHost.Parse(groups, mounts);
        Assert.Null(host.Unified);
        Assert.Empty(host.Own);
    }
}
