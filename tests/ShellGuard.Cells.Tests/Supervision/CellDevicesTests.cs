using ShellGuard.Cells.Supervision;
using ShellGuard.Cells.Tests.Planning;
using ShellGuard.Linux.Calls;
using Xunit;
using static ShellGuard.Cells.Tests.Planning.Planned;

namespace ShellGuard.Cells.Tests.Supervision;

/// <summary>A socket on a file system of the cell's own was made inside; one on the host's was not.</summary>
public sealed class CellDevicesTests
{
    private const string Outside =
        """
        27 1 0:24 / / rw,relatime - ext4 /dev/vda rw
        29 27 0:26 / /run rw,relatime - tmpfs tmpfs rw
        30 27 0:27 / /tmp rw,relatime - tmpfs tmpfs rw
        """;

    /// <summary>The host's /run and /tmp are there with the base, and the cell's own are mounted over them.</summary>
    private const string Inside =
        """
        40 31 0:24 / / ro,relatime - ext4 /dev/vda rw
        46 40 0:26 / /run ro,relatime - tmpfs tmpfs rw
        47 40 0:27 / /tmp ro,relatime - tmpfs tmpfs rw
        50 46 0:32 / /run rw,relatime - tmpfs tmpfs rw
        51 47 0:33 / /tmp rw,relatime - tmpfs tmpfs rw
        52 40 0:34 / /srv/shown ro,relatime - tmpfs tmpfs rw
        53 51 0:26 /user/1000 /tmp/shown ro,relatime - tmpfs tmpfs rw
        """;

    [Fact]
    public void A_tmpfs_of_the_host_beneath_the_cells_is_not_the_cells() => Assert.Equal<ulong>(
        [32, 33],
        CellDevices.Of(MountLine.All(Inside), MountLine.All(Outside), Plan(new FakeHost(), ReadOnly("/"))).Order());
}
