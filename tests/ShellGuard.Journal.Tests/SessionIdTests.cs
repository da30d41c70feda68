using ShellGuard.Core.Events;

namespace ShellGuard.Journal.Tests;

public sealed class SessionIdTests
{
    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("..")]
    [InlineData("../../../etc/pas")]
    [InlineData("0123456789abcde")]
    [InlineData("0123456789abcdefg")]
    [InlineData("0123456789ABCDEF")]
    [InlineData("0123456789abcdei")]
    [InlineData("0123456789abcde/")]
    [InlineData("0123456789abcde\n")]
    [InlineData("0123456789abcde\0")]
    [InlineData("0123456789abcdé")]
    public void Only_the_exact_form_is_a_name(string? text) => Assert.False(SessionId.TryParse(text, out _));

    [Fact]
    public void New_names_differ_parse_and_sort_by_time()
    {
        SessionId first = SessionIds.New(TimeProvider.System);
        Assert.True(SessionId.TryParse(first.Text, out SessionId? parsed));
        Assert.Equal(first, parsed);
        Assert.Equal(100, Enumerable.Range(0, 100).Select(_ => SessionIds.New(TimeProvider.System)).Distinct().Count());
        SessionId older = SessionId.From(DateTimeOffset.FromUnixTimeSeconds(1_000_000_000), ulong.MaxValue);
        SessionId newer = SessionId.From(DateTimeOffset.FromUnixTimeSeconds(1_000_000_001), 0);
        Assert.True(older < newer);
    }
}
