using System.Text;
using ShellGuard.Cells.Verification;
using Xunit;

namespace ShellGuard.Cells.Tests.Verification;

public sealed class OutputComparisonTests
{
    [Theory]
    [InlineData("took 12 s", "took 7 s")]
    [InlineData("at 10:25:03.77", "at 9:01:00.1")]
    [InlineData("wrote /tmp/scan.aB3dE5fG7h now", "wrote /tmp/scan.Zz9yX8wV7u now")]
    [InlineData("trailing  ", "trailing")]
    public void What_differs_from_run_to_run_does_not_count(string one, string other) => Assert.True(Compare(one, other).IsSame);

    [Theory]
    [InlineData("took 12 s", "took 12 m")]
    [InlineData("a\nb", "a")]
    [InlineData("a", "a\na")]
    [InlineData("/srv/report.secret", "/srv/report.public")]
    public void Anything_else_does(string one, string other) => Assert.False(Compare(one, other).IsSame);

    [Fact]
    public void The_difference_is_told_by_lines()
    {
        OutputComparison comparison = Compare("same\nold 1\n", "same\nnew 2\n");
        Assert.Equal(["old #"], comparison.Missing);
        Assert.Equal(["new #"], comparison.Added);
    }

    private static OutputComparison Compare(string one, string other) => OutputComparison.Of(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));

    /// <summary>A progress line of a megabyte; for each dot, all before it was looked at.</summary>
    [Fact]
    public void A_long_line_is_looked_at_once()
    {
        string dots = "/tmp/" + new string('.', 2_000_000);
        Assert.Equal(dots, OutputComparison.Normalise(dots));
    }
}
