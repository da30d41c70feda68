using ShellGuard.Linux.Abi;
using Xunit;

namespace ShellGuard.Linux.Tests.Abi;

public sealed class TimeSpecTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1_790_000_000, 999_999_999)]
    [InlineData(-1, 5)]
    public void What_was_written_is_read(long seconds, long nanoseconds)
    {
        TimeSpec time = new(seconds, nanoseconds);
        Assert.True(TimeSpec.TryParse(time.ToString(), out TimeSpec read));
        Assert.Equal(time, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("5.5")]
    [InlineData("5.-00000001")]
    [InlineData("x.000000000")]
    [InlineData("1.2.000000000")]
    public void What_is_no_time_is_not_read(string text) => Assert.False(TimeSpec.TryParse(text, out _));
}
