using System.Text.Json;
using ShellGuard.Cells.Sessions;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cli.Tests;

public sealed class SessionVerbTests
{
    private static void Two(string host)
    {
        File.WriteAllText($"{host}/one", "old\n");
        File.WriteAllText($"{host}/two", "two\n");
    }

    private static void Change(string upper)
    {
        File.WriteAllText($"{upper}/one", "new\n");
        File.WriteAllText($"{upper}/three", "three\n");
        SessionFixture.Delete($"{upper}/two");
    }

    [Fact]
    public void SessionsListsTheLatestFirstAndNothingActsOnTheTerminal()
    {
        using SessionFixture fixture = new();
        string first = fixture.Add(change: upper => File.WriteAllText($"{upper}/a", ""));
        string second = fixture.Add();

        Ran ran = Ran.Line("sessions");

        Assert.Equal(0, ran.Status);
        string[] lines = ran.Output.TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.StartsWith(second, lines[1], StringComparison.Ordinal);
        Assert.Contains("ended", lines[1], StringComparison.Ordinal);
        Assert.StartsWith(first, lines[2], StringComparison.Ordinal);
        Assert.Contains("undecided  1", lines[2], StringComparison.Ordinal);
        Assert.DoesNotContain('\e', ran.Output);
    }

    [Fact]
    public void SessionsAsJson()
    {
        using SessionFixture fixture = new();
        string id = fixture.Add();
        using JsonDocument json = JsonDocument.Parse(Ran.Line("sessions", "--json").Output);
        JsonElement only = Assert.Single(json.RootElement.EnumerateArray());
        Assert.Equal(id, only.GetProperty("session").GetString());
        Assert.Equal("ended", only.GetProperty("state").GetString());
        Assert.Equal(0, only.GetProperty("changes").GetInt32());
    }

    [Fact]
    public void PruneKeepsWhatRunsAndWhatIsUndecided()
    {
        using SessionFixture fixture = new();
        DateTimeOffset old = DateTimeOffset.UtcNow.AddDays(-40);
        string ended = fixture.Add(started: old);
        string undecided = fixture.Add(change: upper => File.WriteAllText($"{upper}/a", ""), started: old);
        string young = fixture.Add();
        string running = fixture.Add(started: old);
        using Descriptor held = SessionLock.Take(fixture.StorageOf(running));

        Ran dry = Ran.Line("sessions", "prune", "--dry-run");
        Assert.True(Directory.Exists(fixture.StorageOf(ended)));
        Assert.Contains($"{ended} would be removed", dry.Output, StringComparison.Ordinal);

        Ran ran = Ran.Line("sessions", "prune");
        Assert.Equal(0, ran.Status);
        Assert.False(Directory.Exists(fixture.StorageOf(ended)));
        Assert.True(Directory.Exists(fixture.StorageOf(undecided)));
        Assert.True(Directory.Exists(fixture.StorageOf(running)));
        Assert.True(Directory.Exists(fixture.StorageOf(young)));
        Assert.Contains($"{undecided} kept: its changes are undecided", ran.Output, StringComparison.Ordinal);
        Assert.Contains($"{running} kept: it is running", ran.Output, StringComparison.Ordinal);

        Ran.Line("sessions", "prune", "--undecided");
        Assert.False(Directory.Exists(fixture.StorageOf(undecided)));
        Assert.True(Directory.Exists(fixture.StorageOf(running)));
    }

    [Fact]
    public void ADamagedRecordIsCalledThatAndLosesNothing()
    {
        using SessionFixture fixture = new();
        DateTimeOffset old = DateTimeOffset.UtcNow.AddSeconds(-40);
        string ended = fixture.Add(started: old);
        string undecided = fixture.Add(change: upper => File.WriteAllText($"{upper}/a", ""), started: old);
        File.WriteAllText($"{fixture.StorageOf(ended)}/session.json", "{");
        File.WriteAllText($"{fixture.StorageOf(undecided)}/session.json", "{");
        Assert.Equal(2, Ran.Line("sessions").Output.Split("its record is damaged").Length - 1);

        string pruned = Ran.Line("sessions", "prune", "--older-than", "0").Output;
        Assert.Contains($"{ended} removed", pruned, StringComparison.Ordinal);
        Assert.Contains($"{undecided} kept: its changes are undecided", pruned, StringComparison.Ordinal);
    }

    [Fact]
    public void ANameCanBeShortenedAsLongAsItIsClear()
    {
        using SessionFixture fixture = new();
        DateTimeOffset start = DateTimeOffset.UtcNow;
        string first = fixture.Add(started: start);
        string second = fixture.Add(started: start);

        Assert.Contains(first, Ran.Line("log", "verify", first[..^1]).Output, StringComparison.Ordinal);
        Ran unclear = Ran.Line("log", first[..6]);
        Assert.Equal(125, unclear.Status);
        Assert.Contains("2 sessions begin with", unclear.Error, StringComparison.Ordinal);
        Assert.Contains(second, unclear.Error, StringComparison.Ordinal);
        Assert.Contains("there is no session", Ran.Line("log", "zzzz").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void DiffShowsWhatChanged()
    {
        using SessionFixture fixture = new();
        string id = fixture.Add(Two, Change);

        string output = Ran.Line("diff").Output;
        Assert.Contains("  M  one", output, StringComparison.Ordinal);
        Assert.Contains("  A  three", output, StringComparison.Ordinal);
        Assert.Contains("  D  two", output, StringComparison.Ordinal);

        string one = Ran.Line("diff", id[..10], $"{fixture.Host}/one").Output;
        Assert.Contains("M  one", one, StringComparison.Ordinal);
        Assert.DoesNotContain("three", one, StringComparison.Ordinal);

        using JsonDocument json = JsonDocument.Parse(Ran.Line("diff", "--json").Output);
        Assert.Equal(3, json.RootElement.GetProperty("layers")[0].GetProperty("changes").GetArrayLength());

        Ran outside = Ran.Line("diff", "/usr");
        Assert.Equal(125, outside.Status);
        Assert.Contains(fixture.Host, outside.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void CommitBringsEverythingAndIsRecorded()
    {
        using SessionFixture fixture = new();
        string id = fixture.Add(Two, Change);

        Ran ran = Ran.Line("commit");

        Assert.True(ran.Status == 0, ran.Error);
        Assert.Equal("new\n", File.ReadAllText($"{fixture.Host}/one"));
        Assert.Equal("three\n", File.ReadAllText($"{fixture.Host}/three"));
        Assert.False(File.Exists($"{fixture.Host}/two"));
        Assert.True(
            Directory.GetDirectories($"{fixture.StorageOf(id)}/layers").Length == 0,
            $"a layer is left: {Ran.Line("diff", "--json").Output} {ran}");

        string log = Ran.Line("log", id).Output;
        Assert.Contains($"commit added: {fixture.Host}/three", log, StringComparison.Ordinal);
        Assert.Contains($"commit deleted: {fixture.Host}/two", log, StringComparison.Ordinal);
        Assert.Equal(0, Ran.Line("log", "verify", id).Status);
        Assert.Contains("\"sha256\":", Ran.Line("log", "--json", id).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void CommitOfAPathLeavesTheRest()
    {
        using SessionFixture fixture = new();
        fixture.Add(Two, Change);

        Assert.Equal(0, Ran.Line("commit", $"{fixture.Host}/three").Status);

        Assert.True(File.Exists($"{fixture.Host}/three"));
        Assert.Equal("old\n", File.ReadAllText($"{fixture.Host}/one"));
        Assert.Equal(0, Ran.Line("commit").Status);
        Assert.Equal("new\n", File.ReadAllText($"{fixture.Host}/one"));
    }

    [Fact]
    public void WhereTheHostChangedTooItTakesADecision()
    {
        using SessionFixture fixture = new();
        string id = fixture.Add(Two, Change);
        Thread.Sleep(30);
        File.WriteAllText($"{fixture.Host}/one", "the host's\n");

        Ran refused = Ran.Line("commit");
        Assert.Equal(1, refused.Status);
        Assert.Contains("--take-mine or --keep-host", refused.Error, StringComparison.Ordinal);
        Assert.Equal("the host's\n", File.ReadAllText($"{fixture.Host}/one"));
        Assert.True(File.Exists($"{fixture.Host}/three"));

        Assert.Equal(1, Ran.Line("commit", "--keep-host").Status);
        Assert.Equal("the host's\n", File.ReadAllText($"{fixture.Host}/one"));
        Assert.Contains("1 change", Ran.Line("commit", "--take-mine", id).Output, StringComparison.Ordinal);
        Assert.Equal("new\n", File.ReadAllText($"{fixture.Host}/one"));
        Assert.Equal(125, Ran.Line("commit", "--take-mine", "--keep-host", id).Status);
    }

    [Fact]
    public void WhatWasCountedIsRememberedUntilSomethingIsDecided()
    {
        using SessionFixture fixture = new();
        string id = fixture.Add(Two, Change);
        string remembered = SessionFiles.Changes(fixture.StorageOf(id));
        Assert.Equal(3, Count());
        Assert.True(File.Exists(remembered));

        // Not counted again: a number that is not the right one is shown.
        File.WriteAllText(remembered, File.ReadAllText(remembered).Replace("\"changes\":3", "\"changes\":7", StringComparison.Ordinal));
        Assert.Equal(7, Count());

        Assert.Equal(0, Ran.Line("commit", $"{fixture.Host}/three").Status);
        Assert.Equal(2, Count());
        Assert.Equal(0, Ran.Line("discard", "--yes", $"{fixture.Host}/two").Status);
        Assert.Equal(1, Count());

        // Other files than those that were counted, or a damaged file: counted again.
        string upper = $"{fixture.StorageOf(id)}/layers/0/upper";
        File.WriteAllText($"{upper}/four", "four");
        Assert.Equal(2, Count());
        File.WriteAllText(remembered, "{");
        Assert.Equal(2, Count());
        Assert.Equal(0, Ran.Line("commit").Status);
        Assert.Equal(0, Count());

        static int Count() => JsonDocument.Parse(Ran.Line("sessions", "--json").Output)
            .RootElement[0].GetProperty("changes").GetInt32();
    }

    [Fact]
    public void ARunningSessionIsNotDecidedOn()
    {
        using SessionFixture fixture = new();
        string id = fixture.Add(Two, Change);
        using Descriptor held = SessionLock.Take(fixture.StorageOf(id));

        foreach (string[] line in (string[][])[["commit"], ["discard", "--yes"], ["discard", "--yes", $"{fixture.Host}/one"]])
        {
            Ran ran = Ran.Line(line);
            Assert.Equal(125, ran.Status);
            Assert.Contains("in use", ran.Error, StringComparison.Ordinal);
        }

        Assert.Equal("old\n", File.ReadAllText($"{fixture.Host}/one"));
        Assert.Contains("M  one", Ran.Line("diff").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutAJournalThereIsNoCommit()
    {
        using SessionFixture fixture = new();
        string id = fixture.Add(Two, Change);
        Directory.CreateDirectory($"{fixture.StorageOf(id)}/decisions-1.jsonl");

        Ran ran = Ran.Line("commit");

        Assert.Equal(1, ran.Status);
        Assert.Equal("old\n", File.ReadAllText($"{fixture.Host}/one"));
        Assert.False(File.Exists($"{fixture.Host}/three"));
    }

    [Fact]
    public void DiscardAsksAndThrowsAway()
    {
        using SessionFixture fixture = new();
        string id = fixture.Add(Two, Change);

        Ran asked = Ran.Line("discard");
        Assert.Equal(125, asked.Status);
        Assert.Contains("--yes", asked.Error, StringComparison.Ordinal);

        Assert.Equal(0, Ran.Line("discard", "--yes", $"{fixture.Host}/two").Status);
        Assert.DoesNotContain("two", Ran.Line("diff").Output, StringComparison.Ordinal);
        Assert.Equal(1, Ran.Line("discard", "--yes", $"{fixture.Host}/two").Status);

        Assert.Equal(0, Ran.Line("discard", "--yes").Status);
        Assert.Empty(Directory.GetDirectories($"{fixture.StorageOf(id)}/layers"));
        Assert.Equal("old\n", File.ReadAllText($"{fixture.Host}/one"));
        string log = Ran.Line("log", id).Output;
        Assert.Contains("discard all changes", log, StringComparison.Ordinal);
        Assert.Contains($"discard {fixture.Host}/two", log, StringComparison.Ordinal);
        Assert.Equal(125, Ran.Line("diff").Status);
    }

    [Fact]
    public void NothingIsUncoveredBeneathADirectoryThatReplacesTheHosts()
    {
        using SessionFixture fixture = new();
        fixture.Add(
            host => Directory.CreateDirectory($"{host}/d/e"),
            upper =>
            {
                Directory.CreateDirectory($"{upper}/d/e");
                File.WriteAllText($"{upper}/d/e/f", "");
                using Descriptor directory = Open($"{upper}/d");
                Assert.True(Linux.Calls.Attributes.Set(directory, "user.overlay.opaque", "y"u8).Succeeded);
            });

        Ran ran = Ran.Line("discard", "--yes", $"{fixture.Host}/d/e/f");

        Assert.Equal(1, ran.Status);
        Assert.Contains("replaces the host's directory", ran.Error, StringComparison.Ordinal);
        Assert.Equal(0, Ran.Line("discard", "--yes", $"{fixture.Host}/d").Status);
    }

    private static Descriptor Open(string path)
    {
        Assert.True(Linux.Calls.Files.Open(
            path, Linux.Abi.OpenFlags.RDONLY | Linux.Abi.OpenFlags.DIRECTORY, out Descriptor directory).Succeeded);
        return directory;
    }
}
