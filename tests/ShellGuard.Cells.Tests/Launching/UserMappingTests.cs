using ShellGuard.Cells.Launching;
using Xunit;

namespace ShellGuard.Cells.Tests.Launching;

public sealed class UserMappingTests
{
    [Theory]
    [InlineData("         0          0 4294967295\n", "0 0 4294967295\n")]
    [InlineData("         0       1001          1\n         1     100000      65536\n", "0 0 1\n1 1 65536\n")]
    [InlineData("", "")]
    public void A_child_gets_each_number_of_its_parent(string parent, string child) =>
        Assert.Equal(child, UserMapping.IdentityOf(parent, withoutLast: false));

    [Theory]
    [InlineData("         0          0 4294967295\n", "0 0 4294967294\n")]
    [InlineData("         0       1001          1\n         1     100000      65536\n", "0 0 1\n1 1 65535\n")]
    [InlineData("         0       1001          1\n         1     100000          1\n", "0 0 1\n")]
    [InlineData("         0       1001          1\n", "")]
    public void Behind_a_wall_the_last_number_is_nobodys(string parent, string child) =>
        Assert.Equal(child, UserMapping.IdentityOf(parent, withoutLast: true));
}
