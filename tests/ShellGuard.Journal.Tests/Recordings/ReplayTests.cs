using System.Text;
using ShellGuard.Journal.Recordings;

namespace ShellGuard.Journal.Tests.Recordings;

public sealed class ReplayTests
{
    private static readonly AsciicastEvent[] Recording =
    [
        new(1, 'o', "a"), new(2, 'm', "#5 exec"), new(2, 'o', "b"), new(2.5, 'i', "secret"), new(12, 'm', "#9 access"),
        new(12, 'o', "\e]52;c;eA==\a"), new(13, 'o', "c\e[3"), new(14, 'o', "1md"), new(13.5, 'o', "e"),
    ];

    [Fact]
    public void It_plays_output_with_its_pauses_and_nothing_else() => Assert.Equal(
        [(1.0, "a"), (1.0, "b"), (11.0, "c"), (1.0, "\e[31md"), (0.0, "e")], Plan(new ReplayOptions()));

    [Fact]
    public void Speed_and_idle_limit() => Assert.Equal(
        [(0.5, "a"), (0.5, "b"), (1.5, "c"), (0.5, "\e[31md"), (0.0, "e")],
        Plan(new ReplayOptions { Speed = 2, IdleLimit = 2 }));

    [Fact]
    public void It_starts_at_a_record_of_the_journal_with_the_screen_as_it_was()
    {
        Assert.Equal(2, Replay.Find(Recording, 5));
        Assert.Equal(12, Replay.Find(Recording, 6));
        Assert.Null(Replay.Find(Recording, 10));
        Assert.Equal(
            [(0.0, "a"), (0.0, "b"), (1.0, "c"), (1.0, "\e[31md"), (0.0, "e")],
            Plan(new ReplayOptions { From = Replay.Find(Recording, 9)!.Value }));
    }

    [Fact]
    public void Absurd_times_do_not_overflow() => Assert.Equal(
        [(1e9, "x")],
        Replay.Plan([new AsciicastEvent(1e300, 'o', "x")], new ReplayOptions { Speed = 1e-300 })
            .Select(step => (step.Delay.TotalSeconds, Encoding.UTF8.GetString(step.Output.Span))));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void A_speed_must_be_more_than_nothing(double speed) =>
        Assert.Throws<ArgumentException>(() => Replay.Plan([], new ReplayOptions { Speed = speed }));

    private static IEnumerable<(double, string)> Plan(ReplayOptions options) => Replay.Plan(Recording, options)
        .Select(step => (step.Delay.TotalSeconds, Encoding.UTF8.GetString(step.Output.Span)));
}
