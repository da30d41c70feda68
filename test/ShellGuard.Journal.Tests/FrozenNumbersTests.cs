using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ShellGuard.Core.Events;

namespace ShellGuard.Journal.Tests;

/// <summary>Numbers that stand in journals on people's disks never change their meaning.</summary>
public sealed class FrozenNumbersTests
{
    [Fact]
    public void Event_kinds()
    {
        Assert.Equal(
            "SessionStart=1 SessionEnd=2 CellStart=3 CellEnd=4 Exec=5 Access=6 Question=7 Answer=8 Limit=9 Commit=10 "
            + "Discard=11 Resize=12 Degraded=13 Error=14 Checkpoint=15 Seal=16",
            All<EventKind>());
    }

    [Fact]
    public void Answers_limits_and_changes()
    {
        Assert.Equal("Deny=0 Once=1 Session=2 Always=3", All<GivenAnswer>());
        Assert.Equal("Memory=1 Processes=2 Cpu=3 WallTime=4 OpenFiles=5 LayerSize=6", All<LimitKind>());
        Assert.Equal("Added=1 Modified=2 Deleted=3 Attributes=4", All<ChangeKind>());
    }

    [Fact]
    public void Operations_and_decisions()
    {
        Assert.Equal("Deny=0 Allow=1 Ask=2", All<ShellGuard.Core.Decision>());
        Assert.StartsWith(
            "Read=1 Write=2 Create=3 Delete=4 Rename=5 List=6 Stat=7 Execute=8 MapExecutable=9 Connect=10 Bind=11 "
            + "Listen=12 Send=13 ChangeIdentity=14 LoadCode=15 Signal=16 Trace=17 Resolve=18",
            All<ShellGuard.Core.Operation>(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_in_the_docs_is_the_enum()
    {
        string docs = File.ReadAllText(Path.Combine(Root(), "docs", "journal-format.md"));
        IEnumerable<string> rows = Regex.Matches(
                docs, @"^\| (?<number>\d+) \| `(?<name>[a-z-]+)` \|",
                RegexOptions.Multiline | RegexOptions.ExplicitCapture,
                TimeSpan.FromSeconds(5))
            .Select(match => $"{match.Groups["name"].Value}={match.Groups["number"].Value}");
        IEnumerable<string> kinds = Enum.GetValues<EventKind>()
            .Select(kind => $"{Format.EventNames.Kebab(kind.ToString())}={(int)kind}");
        Assert.Equal(kinds, rows);
    }

    [Fact]
    public void Every_kind_has_a_sample()
    {
        IEnumerable<EventKind> sampled = Samples.Every.Select(what => what.Kind).Distinct();
        Assert.Equal(
            Enum.GetValues<EventKind>().Except([EventKind.Checkpoint, EventKind.Seal]).Order(), sampled.Order());
    }

    private static string All<T>()
        where T : struct, Enum =>
        string.Join(' ', Enum.GetValues<T>().Select(value => $"{value}={Convert.ToInt32(value, null)}"));

    private static string Root([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
}
