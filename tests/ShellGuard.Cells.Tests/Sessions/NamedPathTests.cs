using System.Text;
using ShellGuard.Cells.Supervision.Exec;
using Xunit;

namespace ShellGuard.Cells.Tests.Sessions;

public class NamedPathTests
{
    [Theory]
    [InlineData("/etc/shadow", "/etc/shadow")]
    [InlineData("if=/etc/shadow", "/etc/shadow")]
    [InlineData("--key=.ssh/id", ".ssh/id")]
    [InlineData("@/etc/shadow", "/etc/shadow")]
    [InlineData("file=@/etc/shadow", "/etc/shadow")]
    [InlineData("dir/a=b", "dir/a=b")]
    [InlineData("-v", "")]
    [InlineData("--key=", "")]
    [InlineData("", "")]
    public void The_path_in_an_argument(string argument, string path) =>
        Assert.Equal(path, ExecObserver.NamedIn(Encoding.UTF8.GetBytes(argument)));
}
