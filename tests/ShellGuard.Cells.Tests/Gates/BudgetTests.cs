using ShellGuard.Cells.Gates;
using Xunit;

namespace ShellGuard.Cells.Tests.Gates;

/// <summary>What filters let out is counted over all sessions, and where it cannot be counted nothing goes out.</summary>
public sealed class BudgetTests : IDisposable
{
    private readonly SetTime _time = new();
    private readonly string _root = Directory.CreateTempSubdirectory("sg-budget-").FullName;

    private string File => $"{_root}/gates.jsonl";

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void It_is_spent_over_sessions_and_comes_back_after_the_period()
    {
        Assert.Equal(50, Budgets().Left(SampleGates.Filter()));
        Assert.True(Budgets().TrySpend(SampleGates.Filter(), 20, out long left));
        Assert.Equal(30, left);
        _time.Now += TimeSpan.FromMinutes(30);
        Assert.True(Budgets().TrySpend(SampleGates.Filter(), 20, out left));
        Assert.False(Budgets().TrySpend(SampleGates.Filter(), 20, out left));
        Assert.Equal(10, left);
        Assert.Equal(50, Budgets().Left(SampleGates.Filter("other")));

        // In no hour more than the budget, wherever the hour begins.
        _time.Now += TimeSpan.FromMinutes(31);
        Assert.Equal(30, Budgets().Left(SampleGates.Filter()));
        _time.Now += TimeSpan.FromMinutes(30);
        Assert.Equal(50, Budgets().Left(SampleGates.Filter()));
    }

    [Fact]
    public void A_clock_that_is_set_back_gives_nothing()
    {
        Assert.True(Budgets().TrySpend(SampleGates.Filter(), 40, out _));
        _time.Now -= TimeSpan.FromDays(2);
        Assert.Equal(10, Budgets().Left(SampleGates.Filter()));
    }

    [Fact]
    public void What_was_not_written_whole_let_nothing_out()
    {
        Assert.True(Budgets().TrySpend(SampleGates.Filter(), 20, out _));
        System.IO.File.AppendAllText(File, "{\"gate\":\"count\",\"ti");
        Assert.True(Budgets().TrySpend(SampleGates.Filter(), 20, out long left));
        Assert.Equal(10, left);
        Assert.Equal(2, System.IO.File.ReadAllLines(File).Length);
    }

    [Theory]
    [InlineData("nonsense\n")]
    [InlineData("{}\n")]
    [InlineData("{\"gate\":\"count\",\"time\":1,\"bits\":-20}\n")]
    [InlineData("{\"gate\":\"count\",\"time\":1,\"bits\":\"many\"}\n")]
    public void Damage_lets_nothing_out(string text)
    {
        System.IO.File.WriteAllText(File, text);
        Assert.Throws<IOException>(() => Budgets().TrySpend(SampleGates.Filter(), 20, out _));
        Assert.Throws<IOException>(() => Budgets().Left(SampleGates.Filter()));
    }

    [Fact]
    public void What_cannot_be_written_lets_nothing_out()
    {
        Directory.CreateDirectory(File);
        Assert.Throws<IOException>(() => Budgets().TrySpend(SampleGates.Filter(), 20, out _));
    }

    /// <summary>As a later session would have it.</summary>
    private GateBudgets Budgets() => new(_root, _time);
}
