using ShellGuard.Linux.Calls;
using Xunit;

namespace ShellGuard.Linux.Tests.Calls;

/// <summary>proc_pid_mountinfo(5), whose lines have a varying number of fields.</summary>
public sealed class MountLineTests
{
    [Theory]
    [InlineData("36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 shared:7 - ext3 /dev/root rw,errors=continue",
        36, 0x6200, "/mnt1", "/mnt2", "rw,noatime", "ext3", "rw,errors=continue")]
    [InlineData("137 36 0:300 / /x rw - tmpfs t rw", 137, 0x10002c, "/", "/x", "rw", "tmpfs", "rw")]
    [InlineData("7 1 0:9 /- /a\\040b\\134040\\012 rw - proc - rw", 7, 9, "/-", "/a b\\040\n", "rw", "proc", "rw")]
    public void A_line_is_read(string line, ulong id, ulong device, string root, string point, string options, string type, string superOptions) =>
        Assert.Equal(new MountLine(id, device, root, point, options, type, superOptions), MountLine.Parse(line));

    [Theory]
    [InlineData("")]
    [InlineData("- - - - - - - - -")]
    [InlineData("36 35 98:0 /mnt1 /mnt2 rw ext3 /dev/root rw")]
    [InlineData("36 35 98:0 /mnt1 /mnt2 rw - ext3")]
    [InlineData("x 35 98:0 / / rw - ext3 /dev/root rw")]
    [InlineData("36 35 98 / / rw - ext3 /dev/root rw")]
    public void What_is_no_such_line_is_nothing(string line) => Assert.Null(MountLine.Parse(line));

    [Fact]
    public void This_process_has_a_root() => Assert.Contains(MountLine.Of("self"), mount => mount.Point == "/");
}
