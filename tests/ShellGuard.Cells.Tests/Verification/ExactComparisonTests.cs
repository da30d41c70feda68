using System.Text;
using ShellGuard.Cells.Verification;
using Xunit;

namespace ShellGuard.Cells.Tests.Verification;

public sealed class ExactComparisonTests
{
    [Theory]
    [InlineData("", "", null)]
    [InlineData("a 1\n", "a 1\n", null)]
    [InlineData("a 1\nb 2\n", "a 1\nb 3\n", "byte 7, in line 2: it is 0x33 and not 0x32")]
    [InlineData("a\nb\n", "b\na\n", "byte 1, in line 1: it is 0x62 and not 0x61")]
    [InlineData("a\n", "a\nb", "byte 3, in line 2: it goes on where the expected output ends")]
    [InlineData("a \n", "a", "byte 2, in line 1: it ends before the expected output does")]
    public void Every_byte_counts(string expected, string seen, string? difference) =>
        Assert.Equal(difference, ExactComparison.Difference(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(seen)));
}
