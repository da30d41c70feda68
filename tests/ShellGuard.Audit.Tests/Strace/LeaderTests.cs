using System.Text;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Import.Strace;

namespace ShellGuard.Audit.Tests.Strace;

/// <summary>What stands before the body of a line, in every form that strace's options give it.</summary>
public sealed class LeaderTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("7345  ", 7345)] // -f -o: padded to five
    [InlineData("24598 ", 24598)]
    [InlineData("[pid 24598] ", 24598)]
    [InlineData("[pid   598] ", 598)]
    [InlineData("12345<bash> ", 12345)] // -Y
    [InlineData("12345<a b) c> ", 12345)]
    [InlineData("12345<a\\74b> ", 12345)]
    [InlineData("[pid 12345<bash>] ", 12345)]
    [InlineData("10:11:12 ", 0)] // -t
    [InlineData("10:11:12.123456 ", 0)] // -tt
    [InlineData("10:11:12.123456789 ", 0)] // --absolute-timestamps=precision:ns
    [InlineData("1700000000.123456 ", 0)] // -ttt
    [InlineData("1700000000 ", 0)] // --absolute-timestamps=format:unix,precision:s
    [InlineData("     0.000124 ", 0)] // -r
    [InlineData("10:11:12 (+     0.000124) ", 0)] // -r with -t
    [InlineData("[ 257] ", 0)] // -n
    [InlineData("[00007fc6587c0b1d] ", 0)] // -i
    [InlineData("[????????????????] ", 0)]
    [InlineData("[unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023] ", 0)] // --secontext
    [InlineData("7345  [user_u:object_r:x_t:s0] 10:11:12.123456 (+     0.000124) [ 257] [00007fc6587c0b1d] ", 7345)]
    [InlineData("[pid   598] 1700000000.123456 ", 598)]
    [InlineData("12345<bash> 10:11:12 ", 12345)]
    [InlineData("77 1700000000 ", 77)]
    public void A_leader_is_read_over(string leader, int expected)
    {
        byte[] line = Encoding.UTF8.GetBytes(leader + "openat(AT_FDCWD, \"/x\", O_RDONLY) = 3");
        int at = StraceLeader.Read(line, out int pid);
        Assert.Equal("openat(", Encoding.UTF8.GetString(line, at, 7));
        Assert.Equal(expected, pid);
    }

    /// <summary>The same in a whole log: each line becomes the same access.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("7345  ")]
    [InlineData("[pid  7345] ")]
    [InlineData("7345<x> [ctx:a:b:c] 10:11:12.5 (+ 0.000001) [  59] [00007fc6587c0b1d] ")]
    public void A_log_with_such_leaders_is_understood(string leader)
    {
        ImportResult result = Recording.Of(
            leader + "execve(\"/bin/cat\", [\"cat\", \"/etc/hosts\"], 0x7ffe /* 4 vars */) = 0",
            leader + "openat(AT_FDCWD, \"/etc/hosts\", O_RDONLY) = 3",
            leader + "exit_group(0)                          = ?",
            leader + "+++ exited with 0 +++");
        Assert.Equal(["Read /etc/hosts", "Execute /bin/cat"], result.Accesses());
        Assert.Equal(0, result.Lines[LineKind.Unknown]);
    }

    [Fact]
    public void Colours_are_taken_out()
    {
        ImportResult result = Recording.Of(
            "\e[1;34m12345\e[0m \e[32mopenat\e[0m(AT_FDCWD, \e[33m\"/etc/hosts\"\e[0m, O_RDONLY) = \e[1m3\e[0m");
        Assert.Equal(["Read /etc/hosts"], result.Accesses());
    }
}
