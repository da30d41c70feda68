using ShellGuard.Cells.Walls;
using ShellGuard.Core;
using ShellGuard.Core.Flow;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Policy.Model;
using Xunit;

namespace ShellGuard.Cells.Tests.Walls;

public sealed class CommittedLabelsTests : IDisposable
{
    // A small file system of its own: what is gone is looked for on all of it.
    private readonly string _root = Directory.CreateDirectory($"/dev/shm/shellguard-labels-{Guid.NewGuid():N}").FullName;

    // What is in a storage is looked for nowhere.
    private readonly string _storage;

    public CommittedLabelsTests() => _storage = Directory.CreateDirectory($"{_root}/storage").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void What_was_written_down_is_read_and_joined_by_path()
    {
        CommittedLabels empty = CommittedLabels.Load(_storage);
        Assert.Empty(empty.All);
        Assert.True(empty.Add(new CommittedLabel("/home/ann/out \u001b.csv", ["db"], "s1")));
        Assert.True(empty.Add(new CommittedLabel("/home/ann/out \u001b.csv", ["web"], "s2")));
        CommittedLabel one = Assert.Single(CommittedLabels.Load(_storage).All);
        Assert.Equal("/home/ann/out \u001b.csv", one.Path);
        Assert.Equal(["db", "web"], one.Tags);
    }

    [Fact]
    public void A_damaged_file_is_no_empty_one()
    {
        File.WriteAllText($"{_storage}/labels.jsonl", "{\"path\": 3}\n");
        Assert.Throws<IOException>(() => CommittedLabels.Load(_storage));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("db", false)]
    [InlineData("web", true)]
    public void It_is_hidden_from_whoever_has_not_all_of_its_label(string label, bool isHidden)
    {
        CommittedLabels.Load(_storage).Add(new CommittedLabel("/home/ann/out.csv", ["db"], "s1"));
        TagUniverse universe = new(["db", "web"]);
        EffectivePolicy policy = PolicyWith(new WallRules(new FlowPolicy(universe, [], [], strict: false), [], []));
        TagSet tags = label.Length == 0 ? TagSet.Empty : universe.Set(label);
        Assert.Equal(
            isHidden,
            CommittedLabels.Load(_storage).HiddenFrom(policy, tags).Paths
                .Any(rule => rule is { Path: "/home/ann/out.csv", Mode: PathMode.Hidden }));
    }

    [Fact]
    public void A_tag_that_the_policy_does_not_know_is_in_nobodys_label()
    {
        CommittedLabels.Load(_storage).Add(new CommittedLabel("/home/ann/out.csv", ["forgotten"], "s1"));
        Assert.Contains(
            CommittedLabels.Load(_storage).HiddenFrom(PolicyWith(null), TagSet.Empty).Paths,
            rule => rule is { Path: "/home/ann/out.csv", Mode: PathMode.Hidden });
    }

    /// <summary>A mark goes with whoever sees it, and nobody sees it whom it would shut out of something.</summary>
    [Theory]
    [InlineData("db/count", "net", "", "", true)]
    [InlineData("db/count", "usb", "", "", false)]
    [InlineData("db/count", "usb", "", "db", true)]
    [InlineData("db/count", "net", "web", "", false)]
    [InlineData("db db/count", "net", "", "", false)]
    [InlineData("db db/count", "net", "", "db", true)]
    [InlineData("db/forgotten", "net", "", "db", false)]
    public void What_has_the_mark_of_a_gate_is_seen_where_the_mark_stops_nothing(
        string tags, string sinks, string others, string label, bool isSeen)
    {
        CommittedLabels.Load(_storage).Add(new CommittedLabel("/home/ann/out.csv", tags.Split(' '), "s1"));
        TagUniverse universe = new(["db", "net", "usb", "web"]);
        RuleSource rule = new("test", 0, 0, "");
        FlowPolicy flow = new(
            universe,
            [
                new ConflictSet("data", 1, universe.Set("db", "net", "usb"), ConflictMode.Flow, Exclusive: false, rule),
                new ConflictSet("clients", 1, universe.Set("db", "web"), ConflictMode.Flow, Exclusive: false, rule),
            ],
            [new Gate("count", GateKind.Filter, universe.Set("db"), universe.Set("net"), 8, rule)], strict: false);
        TagSet Of(string names) => universe.Set(names.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        CellRule desk = new(
            "desk", TagSet.Empty, new Clearance(Of($"db {others}"), Of(sinks)), [], new NetworkRules([], "test"), [], rule);
        WallRules walls = new(flow, [], [desk]);
        bool isHidden = CommittedLabels.Load(_storage).HiddenFrom(PolicyWith(walls), Of(label)).Paths.Count > 0;
        Assert.Equal(isSeen, !isHidden);
        CommittedLabels known = CommittedLabels.Load(_storage);
        Assert.Equal(isSeen ? ["db/count"] : [], known.MarksSeenBy(walls, Of(label)).Select(flow.NameOf));
        Assert.False(known.LabelOf("/home/ann/out.csv", flow).Overlaps(flow.Marks));
    }

    [Fact]
    public void Whoever_names_the_very_path_has_decided()
    {
        CommittedLabels.Load(_storage).Add(new CommittedLabel("/home/ann/out.csv", ["db"], "s1"));
        PathRule named = new("/home/ann/out.csv", PathMode.ReadOnly, IsGlob: false, RuleSource.CommandLine("--ro"));
        EffectivePolicy policy = PolicyWith(null) with { Paths = [named] };
        Assert.Equal([named], CommittedLabels.Load(_storage).HiddenFrom(policy, TagSet.Empty).Paths);
    }

    [Fact]
    public void A_file_that_was_renamed_keeps_its_label_and_so_does_its_old_name()
    {
        string old = Committed("out.csv", "db");
        Directory.CreateDirectory($"{_root}/files/deep");
        string now = $"{_root}/files/deep/harmless.txt";
        File.Move(old, now);
        File.WriteAllText(old, "something else");
        Assert.Equal([now, old], Followed());
    }

    [Fact]
    public void A_directory_that_was_renamed_takes_the_labels_of_its_files_along()
    {
        Directory.CreateDirectory($"{_root}/files/exports");
        Committed("exports/out.csv", "db");
        Directory.Move($"{_root}/files/exports", $"{_root}/files/renamed");
        Assert.Contains($"{_root}/files/renamed/out.csv", Followed());
    }

    [Fact]
    public void Every_link_of_a_file_has_its_label()
    {
        string first = Committed("out.csv", "db");
        string second = $"{_root}/files/link";
        Link(first, second);
        Assert.Equal([second, first], Followed());

        // With one more and one less there are as many as before.
        string third = $"{_root}/files/other-link";
        Link(first, third);
        File.Delete(second);
        Assert.Equal([second, third, first], Followed());
    }

    [Fact]
    public void What_came_to_a_labelled_path_has_the_label_under_its_next_name_too()
    {
        string path = Committed("out.csv", "db");
        File.Delete(path);
        File.WriteAllText(path, "edited");
        Followed();
        File.Move(path, $"{_root}/files/edited");
        Assert.Equal([$"{_root}/files/edited", path], Followed());
    }

    [Fact]
    public void Another_file_with_the_number_of_one_that_is_gone_has_no_label()
    {
        string path = Committed("out.csv", "db");
        string other = $"{_root}/files/other";
        File.WriteAllText(other, "");
        using Descriptor nowhere = new();
        Files.Status(nowhere, other, out FileStatus status).OrThrow();
        File.AppendAllText(
            $"{_storage}/labels.jsonl",
            $$"""{"path":"{{path}}-old","session":"s1","tags":["db"],"inode":{{status.Inode}},"born":"1.000000002","links":0,"gone":false}"""
            + "\n");
        Assert.Equal([path, $"{path}-old"], Followed());
        File.Delete(path);
        Assert.Equal([path, $"{path}-old"], Followed());
    }

    [Fact]
    public void What_is_gone_is_looked_for_once()
    {
        string path = Committed("out.csv", "db");
        File.Delete(path);
        Followed();
        string known = File.ReadAllText($"{_storage}/labels.jsonl");
        Assert.Contains("\"gone\":true", known, StringComparison.Ordinal);
        Followed();
        Assert.Equal(known, File.ReadAllText($"{_storage}/labels.jsonl"));
    }

    /// <summary>The list is read at each start: what a job of every minute writes again must not make it longer.</summary>
    [Fact]
    public void What_is_known_is_not_written_again()
    {
        string path = Committed("out.csv", "db");
        string known = File.ReadAllText($"{_storage}/labels.jsonl");
        for (int session = 2; session < 6; session++)
        {
            CommittedLabels labels = CommittedLabels.Load(_storage);
            Assert.True(labels.Add(new CommittedLabel(path, ["db"], $"s{session}")));
            labels.Follow();
        }

        Assert.Equal(known, File.ReadAllText($"{_storage}/labels.jsonl"));

        CommittedLabels more = CommittedLabels.Load(_storage);
        Assert.True(more.Add(new CommittedLabel(path, ["db", "web"], "s9")));
        more.Follow();
        Assert.DoesNotContain("\"db\"", File.ReadAllText($"{_storage}/labels.jsonl")[known.Length..], StringComparison.Ordinal);
        Assert.Equal(["db", "web"], CommittedLabels.Load(_storage).All.Single().Tags);
        string moved = $"{_root}/files/moved";
        File.Move(path, moved);
        Followed();
        Assert.Equal(["db", "web"], CommittedLabels.Load(_storage).All.Single(label => label.Path == moved).Tags.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_a_commit_replaces_is_not_looked_for()
    {
        string path = Committed("out.csv", "db");
        CommittedLabels labels = CommittedLabels.Load(_storage);
        Assert.True(labels.AddReplacing([new CommittedLabel(path, ["db"], "s2")]));
        File.WriteAllText($"{path}.new", "of the second commit");
        File.Move($"{path}.new", path, overwrite: true);
        labels.Follow();
        string known = File.ReadAllText($"{_storage}/labels.jsonl");
        Assert.Equal([path], Followed());
        Assert.Equal(known, File.ReadAllText($"{_storage}/labels.jsonl"));
        File.Move(path, $"{_root}/files/moved");
        Assert.Equal([$"{_root}/files/moved", path], Followed());
    }

    [Fact]
    public void A_copy_that_was_made_outside_has_the_label()
    {
        string old = Committed("out.csv", "db");
        string copy = $"{_root}/files/copy";
        File.Copy(old, copy);
        Assert.Equal([copy, old], Followed());
        string second = $"{_root}/files/second";
        File.Copy(copy, second);
        Assert.Equal([copy, old, second], Followed());
    }

    [Fact]
    public void What_was_moved_to_another_file_system_has_the_label_there()
    {
        string old = Committed("out.csv", "db");
        string away = $"/var/tmp/shellguard-labels-{Guid.NewGuid():N}";
        try
        {
            File.WriteAllText(old, $"rows of {away}");
            File.Copy(old, away);
            File.Delete(old);
            Assert.Equal([old], Followed());
            File.WriteAllText(old, $"rows of {away}");
            Assert.Equal([old], Followed());
            File.Delete(away);
            File.Copy(old, away);
            File.Delete(old);
            Assert.Equal([old, away], Followed());
        }
        finally
        {
            File.Delete(away);
        }
    }

    [Fact]
    public void A_copy_of_what_was_written_into_it_since_has_the_label()
    {
        string old = Committed("out.csv", "db");
        File.WriteAllText(old, "other rows");
        string copy = $"{_root}/files/copy";
        File.Copy(old, copy);
        Assert.Equal([copy, old], Followed());
    }

    [Fact]
    public void A_copy_of_what_a_killed_commit_left_has_the_label()
    {
        Directory.CreateDirectory($"{_root}/files");
        string path = $"{_root}/files/out.csv";
        Assert.True(CommittedLabels.Load(_storage).Add(new CommittedLabel(path, ["db"], "s1")));
        File.WriteAllText(path, "rows");
        string copy = $"{_root}/files/copy";
        File.Copy(path, copy);
        Assert.Equal([copy, path], Followed());
    }

    [Fact]
    public void What_nobody_read_has_no_copies_and_what_was_there_before_is_none()
    {
        Directory.CreateDirectory($"{_root}/files");
        File.WriteAllText($"{_root}/files/before", "rows");
        Thread.Sleep(20);
        string path = Committed("out.csv", "db");
        File.WriteAllText($"{_root}/files/by-chance", "rows");
        Assert.Equal([path], Followed());
        string known = File.ReadAllText($"{_storage}/labels.jsonl");
        File.ReadAllText(path);
        Assert.Equal([$"{_root}/files/by-chance", path], Followed());
        Assert.StartsWith(known, File.ReadAllText($"{_storage}/labels.jsonl"), StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_is_noticed_more_than_once_a_day()
    {
        string path = Committed("out.csv", "db");
        for (int copies = 1; copies < 4; copies++)
        {
            File.Copy(path, $"{_root}/files/copy{copies}");
            Assert.Equal(1 + copies, Followed().Count);
        }
    }

    [Fact]
    public void An_empty_file_has_no_copies()
    {
        string path = Committed("out.csv", "db");
        File.WriteAllText(path, "");
        File.Copy(path, $"{_root}/files/copy");
        Assert.Equal([path], Followed());
    }

    /// <summary>As a commit does it.</summary>
    private string Committed(string name, string tag)
    {
        Directory.CreateDirectory($"{_root}/files");
        string path = $"{_root}/files/{name}";
        CommittedLabels labels = CommittedLabels.Load(_storage);
        Assert.True(labels.Add(new CommittedLabel(path, [tag], "s1")));
        File.WriteAllText(path, "rows");
        labels.Follow(justWritten: true);
        return path;
    }

    /// <summary>The paths that have a label when the next session begins.</summary>
    private List<string> Followed()
    {
        CommittedLabels labels = CommittedLabels.Load(_storage);
        labels.Follow();
        List<string> paths = [.. CommittedLabels.Load(_storage).All.Select(label => label.Path).Order(StringComparer.Ordinal)];
        Assert.Equal(paths, labels.All.Select(label => label.Path).Order(StringComparer.Ordinal));
        return paths;
    }

    private static void Link(string from, string to)
    {
        using Descriptor root = new();
        Files.Link(root, from, root, to).OrThrow();
    }

    private static EffectivePolicy PolicyWith(WallRules? walls) => new(
        "test", [], new NetworkRules([], "test"), new EnvironmentRules([], new Dictionary<string, string>()), Limits.None)
    {
        Walls = walls,
    };
}
