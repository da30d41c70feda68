using ShellGuard.Cells.Sessions;
using ShellGuard.Cells.Walls;
using ShellGuard.Core;
using ShellGuard.Core.Flow;
using ShellGuard.Policy.Model;
using Xunit;

namespace ShellGuard.Cells.Tests.Walls;

public sealed class SessionWallsTests : IDisposable
{
    private static readonly RuleSource Rule = new("walls.toml", 7, 1, "[[conflict]]");

    private readonly string _session = Directory.CreateTempSubdirectory("walls").FullName;

    public void Dispose() => Directory.Delete(_session, recursive: true);

    /// <summary>Through the file and back, as a commit meets it after the session.</summary>
    [Theory]
    [InlineData("db", "/home/ann/up/file", "may not reach uploads")]
    [InlineData("db", "/home/ann/up", "may not reach uploads")]
    [InlineData("db", "/home/ann/up2/file", null)]
    [InlineData("db", "/home/ann/file", null)]
    [InlineData("web", "/home/ann/up/file", null)]
    [InlineData("db web", "/home/ann/file", null)]
    [InlineData("db/count", "/home/ann/up/file", null)]
    [InlineData("db/count", "/media/usb/file", "may not reach stick")]
    [InlineData("db db/count", "/home/ann/up/file", "may not reach uploads")]
    [InlineData("web", "/home/ann/rows/file", "may not reach rows")]
    [InlineData("web", "/home/ann/box/file", null)]
    [InlineData("forgotten", "/home/ann/file", "which the session's policy did not have")]
    public void What_may_not_come_where(string label, string path, string? because)
    {
        WallsFile.Write(_session, Walls());
        SessionWalls walls = WallsFile.Read(_session)!;
        Assert.Equal(because is not null, walls.Forbids(label.Split(' '), path, out string? why));
        if (because is not null)
        {
            Assert.Contains(because, why, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_reason_has_conflict_path_and_ways_on()
    {
        WallsFile.Write(_session, Walls());
        Assert.True(WallsFile.Read(_session)!.Forbids(["db"], "/home/ann/up/out.csv", out string? why));
        Assert.Equal(
            "out.csv may not reach uploads; conflict \"data\": db, net and usb, at most 1 (walls.toml:7); db out.csv -> uploads; "
            + "net uploads; way on: another directory, or what passes the gate count in a session",
            why);
    }

    [Fact]
    public void Nothing_is_no_walls_and_half_of_it_is_said()
    {
        Assert.Null(WallsFile.Read(_session));
        WallsFile.Write(_session, Walls());
        string path = $"{_session}/walls.json";
        string whole = File.ReadAllText(path);
        for (int length = 0; length < whole.Length - 1; length += 37)
        {
            File.WriteAllText(path, whole[..length]);
            Assert.Throws<SessionException>(() => WallsFile.Read(_session));
        }

        File.WriteAllText(path, whole.Replace("\"db\"", "\"other\"", StringComparison.Ordinal).Replace("\"tags\"", "\"tag\"", StringComparison.Ordinal));
        Assert.Throws<SessionException>(() => WallsFile.Read(_session));
    }

    private static WallRules Walls()
    {
        TagUniverse universe = new(["db", "net", "usb", "web"]);
        FlowPolicy flow = new(
            universe,
            [
                new ConflictSet("data", 1, universe.Set("db", "net", "usb"), ConflictMode.Flow, Exclusive: false, Rule),
                new ConflictSet("clients", 1, universe.Set("db", "web"), ConflictMode.Wall, Exclusive: true, Rule),
            ],
            [new Gate("count", GateKind.Filter, universe.Set("db"), universe.Set("net"), 8, Rule)], strict: false);
        TaggedResource Tree(string name, string path, string source, string sink, bool opaque = false) => new(
            name, [], [path], Set(source), Set(sink), opaque, Rule);
        TagSet Set(string tags) => universe.Set(tags.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return new WallRules(
            flow,
            [
                Tree("uploads", "/home/ann/up", "", "net"),
                Tree("stick", "/media/usb", "", "usb"),
                Tree("rows", "/home/ann/rows", "db", ""),
                Tree("box", "/home/ann/box", "db", "", opaque: true),
            ],
            [])
        {
            Tags = [.. ((string[])["db", "net", "usb", "web"]).Select((name, number) => new TagRule(new Tag(number), name, "", Rule))],
        };
    }
}
