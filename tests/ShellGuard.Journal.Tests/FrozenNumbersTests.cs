using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ShellGuard.Core.Events;

namespace ShellGuard.Journal.Tests;

/// <summary>The numbers of events, in the page that describes the journal. That they never change is held by the
/// architecture tests.</summary>
public sealed class FrozenNumbersTests
{
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

    private static string Root([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
}
