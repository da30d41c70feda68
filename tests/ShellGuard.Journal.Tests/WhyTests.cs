using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Journal.Explanations;

namespace ShellGuard.Journal.Tests;

public sealed class WhyTests
{
    [Fact]
    public void A_number_finds_its_denial()
    {
        using JournalKey key = JournalKey.Ephemeral();
        byte[] journal = Samples.Journal(key);
        WhyExplanation first = Find(journal, 1)!;
        Assert.Equal(Operation.Execute, first.Operation);
        Assert.Equal("exec.from_memory = true", first.WayOn);
        WhyExplanation second = Find(journal, 2)!;
        Assert.Equal((Operation.Connect, Samples.Rule), (second.Operation, second.Rule));
        Assert.Equal(Samples.Chain, second.Chain);
        Assert.Null(Find(journal, 0));
        Assert.Equal("invalid UTF-8", Find(journal, 3)?.Reason);
        Assert.Null(Find(journal, 4));
    }

    [Fact]
    public void The_explanation_says_who_what_by_which_rule_and_the_way_on()
    {
        using JournalKey key = JournalKey.Ephemeral();
        string text = Find(Samples.Journal(key), 2)!.Render();
        Assert.Equal(
            """
            denied   connect evil.example:443/tcp
            when     2026-03-04 05:06:13Z, record 6 of session 01jvf5zz00000001a, cell main
            by       /usr/bin/curl (pid 12)
            under    /bin/ba\nsh (pid 3)
            under    /init (pid 1)
            rule     /home/ann/policy.toml:12:3
                     net = ["deny"]
            because  no rule grants it
            way on   --net evil.example:443

            """.Replace("01jvf5zz00000001a", Samples.Session.Text, StringComparison.Ordinal),
            text);
    }

    [Fact]
    public void Hostile_parts_are_harmless_and_missing_ones_are_said()
    {
        WhyExplanation why = new(
            1, new RecordHeader(1, 1, DateTimeOffset.UnixEpoch, 0, Samples.Session), "c\e[2J", [], Operation.Read,
            HostileText.Of(Samples.Nasty), null, "because\e]0;x\a", null);
        string text = why.Render();
        Assert.All(text.Split('\n'), line => Assert.True(RenderingTests.IsHarmless(line), line));
        Assert.Contains("what no rule grants is denied", text, StringComparison.Ordinal);
        Assert.Contains("no flag or rule allows this", text, StringComparison.Ordinal);
    }

    private static WhyExplanation? Find(byte[] journal, long number)
    {
        using JournalReader reader = new(new MemoryStream(journal));
        return Why.Find(reader.Read(), number);
    }
}
