namespace ShellGuard.Core.Tests;

public sealed class AccessTests
{
    [Theory]
    [InlineData("ENOENT", OutcomeKind.Absent, false)]
    [InlineData("ENOTDIR", OutcomeKind.Absent, false)]
    [InlineData("EACCES", OutcomeKind.Denied, false)]
    [InlineData("EPERM", OutcomeKind.Denied, false)]
    [InlineData("EROFS", OutcomeKind.Denied, false)]
    [InlineData("EEXIST", OutcomeKind.Failed, false)]
    [InlineData("ECONNREFUSED", OutcomeKind.Failed, false)]
    [InlineData("errno 7", OutcomeKind.Failed, false)]
    [InlineData("EINPROGRESS", OutcomeKind.Started, true)]
    [InlineData("", OutcomeKind.Success, true)]
    public void An_error_says_how_it_went(string error, OutcomeKind kind, bool granted)
    {
        Outcome outcome = Outcome.Of(error);
        Assert.Equal(kind, outcome.Kind);
        Assert.Equal(granted, outcome.IsGranted);
        Assert.Equal(error, outcome.Error);
    }

    [Fact]
    public void What_was_not_seen_grants_nothing() => Assert.False(default(Outcome).IsGranted);

    [Fact]
    public void A_number_that_is_used_again_is_another_process()
    {
        ProcessIdentity first = new(700, 0, 1, "/bin/date") { Generation = 1 };
        Assert.NotEqual(first, first with { Generation = 2 });
    }

    [Fact]
    public void What_nobody_decided_has_no_verdict()
    {
        Access seen = new([], Operation.Read, "/etc/hosts", null) { Outcome = Outcome.Success };
        Assert.Throws<InvalidOperationException>(() => seen.Verdict);
        Assert.Throws<InvalidOperationException>(() => Events.AccessEvent.From(seen, "main"));
    }
}
