using System.Text;
using System.Text.Json;
using ShellGuard.Cells.Sessions;

namespace ShellGuard.Cli.Tests;

public sealed class JournalVerbTests
{
    [Fact]
    public void LogShowsRecordsAndNothingActsOnTheTerminal()
    {
        using SessionFixture fixture = new();
        fixture.Add();
        Ran all = Ran.Line("log");
        Assert.Equal(0, all.Status);
        Assert.Contains("session of alice", all.Output, StringComparison.Ordinal);
        Assert.Contains("connect allowed", all.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', all.Output);

        string denied = Ran.Line("log", "--denied").Output;
        Assert.Equal(2, denied.Count(c => c == '\n'));
        Assert.Contains("[why 1]", denied, StringComparison.Ordinal);

        foreach (string line in Ran.Line("log", "--denied", "--json").Output.TrimEnd().Split('\n'))
        {
            using JsonDocument record = JsonDocument.Parse(line);
            Assert.Equal("deny", record.RootElement.GetProperty("decisionName").GetString());
        }
    }

    [Fact]
    public void FollowEndsWithTheSession()
    {
        using SessionFixture fixture = new();
        fixture.Add();
        Assert.Equal(Ran.Line("log").Output, Ran.Line("log", "--follow").Output);
    }

    [Fact]
    public void WhyExplainsTheLatestOrTheOneThatIsAskedFor()
    {
        using SessionFixture fixture = new();
        string id = fixture.Add();
        string latest = Ran.Line("why").Output;
        Assert.Contains("/secret2", latest, StringComparison.Ordinal);
        Assert.Contains("/p.toml:2:3", latest, StringComparison.Ordinal);
        Assert.Contains("--ro /secret2", latest, StringComparison.Ordinal);
        Assert.Contains("/secret1", Ran.Line("why", "1").Output, StringComparison.Ordinal);
        Assert.Contains("/secret1", Ran.Line("why", "1", id[..8]).Output, StringComparison.Ordinal);
        Assert.Contains("/secret2", Ran.Line("why", id).Output, StringComparison.Ordinal);

        Ran none = Ran.Line("why", "3");
        Assert.Equal(1, none.Status);
        Assert.Contains("log --denied", none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void VerifyNamesTheFirstBadRecord()
    {
        using SessionFixture fixture = new();
        string id = fixture.Add();
        Assert.Equal(0, Ran.Line("log", "verify").Status);

        string journal = SessionFiles.Journal(fixture.StorageOf(id));
        byte[] bytes = File.ReadAllBytes(journal);
        int at = Encoding.ASCII.GetString(bytes).IndexOf("secret2", StringComparison.Ordinal);
        bytes[at] ^= 1;
        File.WriteAllBytes(journal, bytes);

        Ran bad = Ran.Line("log", "verify");
        Assert.Equal(1, bad.Status);
        Assert.Contains("bad: record 3", bad.Output, StringComparison.Ordinal);

        using JsonDocument json = JsonDocument.Parse(Ran.Line("log", "verify", "--json").Output);
        Assert.False(json.RootElement.GetProperty("good").GetBoolean());
    }

    [Fact]
    public void AJournalThatSomebodyElseSignedIsBad()
    {
        using SessionFixture fixture = new();
        fixture.Add();
        File.Delete(fixture.KeyFile);
        Assert.Equal(125, Ran.Line("log", "verify").Status);
        Assert.False(File.Exists(fixture.KeyFile));

        fixture.Add();
        string older = Ran.Line("sessions", "--names").Output.TrimEnd().Split('\n')[1];
        Ran bad = Ran.Line("log", "verify", older);
        Assert.Equal(1, bad.Status);
        Assert.Contains("bad: record 1", bad.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void AJournalWhoseEndIsCutOffIsNotGood()
    {
        using SessionFixture fixture = new();
        string id = fixture.Add();
        string journal = SessionFiles.Journal(fixture.StorageOf(id));
        string[] lines = File.ReadAllLines(journal);
        File.WriteAllText(journal, string.Concat(lines[..^1].Select(line => line + "\n")));
        Ran bad = Ran.Line("log", "verify");
        Assert.Equal(1, bad.Status);
        Assert.Contains("not closed", bad.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void ReplayPlaysSafelyFromARecordOn()
    {
        using SessionFixture fixture = new();
        string id = fixture.Add();
        Assert.Equal(125, Ran.Line("replay").Status);
        Assert.Equal(1, Ran.Line("replay", id).Status);
        File.WriteAllText(
            SessionFiles.Recording(fixture.StorageOf(id)),
            "{\"version\":2,\"width\":80,\"height\":24}\n[0.1,\"o\",\"\\u001b]0;evil\\u0007plain\"]\n");
        Assert.Equal(0, Ran.Line("replay", id, "--at", "2").Status);
        Assert.Equal(1, Ran.Line("replay", id, "--at", "99").Status);
        Assert.Equal(125, Ran.Line("replay", id, "--speed", "0").Status);
        Assert.Equal(125, Ran.Line("replay", id, "--speed", "NaN").Status);
        Assert.Equal(125, Ran.Line("replay", id, "--max-pause", "NaN").Status);
    }
}
