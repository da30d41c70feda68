using System.Text;
using System.Text.Json;
using ShellGuard.Cells.Layers;
using ShellGuard.Cells.View;
using Xunit;

namespace ShellGuard.Cells.Tests.Layers;

public class ThreeWayTests
{
    private const string Lines = "seq 1 30";

    [Fact]
    public void What_was_kept_tells_whose_change_is_whose()
    {
        using OverlaySession session = new($"{Lines} > a; {Lines} > gone; mkdir d; {Lines} > d/x; echo y > d/y");
        session.Record();
        session.Run("sed -i s/^3$/mine/ a; rm gone; rm -r d");
        Collect(session);
        OverlaySession.Shell(session.Target, "sed -i s/^20$/theirs/ a; echo theirs >> gone; echo theirs >> d/x");

        string text = string.Concat(Views(session).Select(ThreeWayText.Of));

        Assert.Contains(
            "what the host changed:\n--- a (when the session started)\n+++ a (on the host now)\n@@ -17,7 +17,7 @@\n 17\n 18\n 19\n-20\n+theirs\n",
            text, StringComparison.Ordinal);
        Assert.Contains(
            "what the session changed:\n--- a (when the session started)\n+++ a (in the session)\n@@ -1,6 +1,6 @@\n 1\n 2\n-3\n+mine\n",
            text, StringComparison.Ordinal);
        Assert.Contains("the session deleted gone; what the host changed:\n", text, StringComparison.Ordinal);
        Assert.Contains("the session deleted d/x; what the host changed:\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("d/y", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_host_changed_before_it_could_be_kept_is_shown_two_way()
    {
        using OverlaySession session = new($"{Lines} > a");
        session.Record();
        session.Run("echo mine >> a");
        OverlaySession.Shell(session.Target, "echo theirs >> a");
        Collect(session);

        string text = ThreeWayText.Of(Assert.Single(Views(session)));

        Assert.Contains("was not kept", text, StringComparison.Ordinal);
        Assert.Contains("--- a (on the host now)\n+++ a (in the session)\n", text, StringComparison.Ordinal);
        Assert.Contains("-theirs\n+mine\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_text_has_sizes_and_hashes_and_a_large_file_is_not_kept()
    {
        using OverlaySession session = new("printf 'a\\0b' > bin; echo 1 > touched; head -c 1048577 /dev/zero | tr '\\0' a > large");
        session.Record();
        session.Run("printf mine >> bin; echo 2 > touched; echo mine >> large");
        Collect(session);
        OverlaySession.Shell(session.Target, "printf 'a\\0theirs' > bin; chmod 600 touched; echo theirs >> large");

        Dictionary<string, ThreeWay> views = Views(session).ToDictionary(view => view.Path);

        string bin = ThreeWayText.Of(views["bin"]);
        Assert.Contains(
            $"  when the session started  3 bytes, sha256 {OverlaySession.Shell("/", "printf 'a\\0b' | sha256sum")[..64]}\n",
            bin, StringComparison.Ordinal);
        Assert.Contains("  in the session            7 bytes, sha256 ", bin, StringComparison.Ordinal);
        Assert.Contains("nothing in the content (2 bytes)", ThreeWayText.Of(views["touched"]), StringComparison.Ordinal);
        Assert.Null(views["large"].Start);
        Assert.DoesNotContain(
            Directory.GetFiles($"{session.LayerDirectory}/base"), file => File.ReadAllBytes(file).Contains((byte)0));
    }

    [Fact]
    public void Content_that_a_crash_cut_off_counts_as_not_kept()
    {
        using OverlaySession session = new($"{Lines} > a; {Lines} >> b; echo b >> b");
        session.Record();
        session.Run("echo mine >> a; echo mine >> b");
        Collect(session);
        foreach (string file in Directory.GetFiles($"{session.LayerDirectory}/base").Where(file => !file.EndsWith("index", StringComparison.Ordinal)))
        {
            File.WriteAllText(file, "");
        }

        string index = $"{session.LayerDirectory}/base/index";
        File.WriteAllText(index, File.ReadAllText(index)[..^3]);
        OverlaySession.Shell(session.Target, "echo theirs >> a; echo theirs >> b");

        IReadOnlyList<ThreeWay> views = Views(session);

        Assert.Equal([true, false], views.Select(view => view.Start is not null));
        Assert.Contains("when the session started  ", ThreeWayText.Of(views[0]), StringComparison.Ordinal);
        Assert.Contains("sha256", ThreeWayText.Of(views[0]), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_kept_of_what_is_hidden_or_decided()
    {
        using OverlaySession session = new("echo 1 > a; echo 2 > b; echo 3 > secret");
        session.Record("secret");
        session.Run("echo mine > a; echo mine > b; rm secret");
        using (Layer layer = session.Open())
        {
            Assert.False(layer.Bases.Keep(layer, "secret"));
            Assert.False(layer.Bases.Keep(layer, "../native/a"));
        }

        Collect(session);
        Assert.Equal(3, Directory.GetFiles($"{session.LayerDirectory}/base").Length);
        Assert.True(session.Commit(["a"]).IsComplete);
        using (Layer layer = session.Open())
        {
            BaseCollection.Retain(layer, LayerDiff.Compute(layer));
        }

        using Layer left = session.Open();
        Assert.Null(left.Bases.Find("a"));
        Assert.Equal("2\n", Encoding.UTF8.GetString(left.Bases.Find("b")!.Text!));
        Assert.Equal(2, Directory.GetFiles($"{session.LayerDirectory}/base").Length);
    }

    [Fact]
    public void While_the_session_runs_it_is_kept_before_the_host_changes_it_too()
    {
        using OverlaySession session = new($"{Lines} > a; {Lines} > b");
        session.Record();
        LayerPlan plan = new(session.Target, session.LayerDirectory);
        ViewPlan view = new([], [], [plan], [new WritablePath(session.Target, true), new WritablePath($"{session.Target}/private", true)], [], []);
        using (BaseKeeper keeper = new(view))
        {
            Assert.Null(keeper.LayerOf($"{session.Target}/private/x"));
            Assert.Null(keeper.LayerOf("/elsewhere"));
            Assert.Same(plan, keeper.LayerOf($"{session.Target}/a"));
            keeper.Note(plan, $"{session.Target}/a");
            keeper.Note(plan, $"{session.Target}/new");
        }

        session.Run("echo mine >> a; echo mine >> b");
        OverlaySession.Shell(session.Target, "echo theirs >> a; echo theirs >> b");
        Collect(session);

        Assert.Equal([true, false], Views(session).Select(seen => seen.Start?.Text is not null));
    }

    [Fact]
    public void The_limits_hold()
    {
        using OverlaySession session = new("seq 1 1030 | while read i; do echo $i > f$i; done");
        session.Record();
        session.Run("rm f*");
        Collect(session);
        Assert.Equal(BaseStore.MostFiles + 1, Directory.GetFiles($"{session.LayerDirectory}/base").Length);
    }

    [Fact]
    public void Json_has_both_sides()
    {
        using OverlaySession session = new($"{Lines} > a");
        session.Record();
        session.Run("sed -i s/^3$/mine/ a");
        Collect(session);
        OverlaySession.Shell(session.Target, "rm a; echo theirs > a");
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            ThreeWayJson.Write(json, Views(session));
            json.WriteEndObject();
        }

        JsonElement view = JsonDocument.Parse(stream.ToArray()).RootElement.GetProperty("threeWay")[0];
        Assert.Equal(7, view.GetProperty("host").GetProperty("size").GetInt64());
        Assert.Contains("+theirs", view.GetProperty("hostChanges").GetString(), StringComparison.Ordinal);
        Assert.Contains("-3\n+mine\n", view.GetProperty("sessionChanges").GetString(), StringComparison.Ordinal);
    }

    private static void Collect(OverlaySession session)
    {
        using Layer layer = session.Open();
        BaseCollection.Collect(layer, LayerDiff.Compute(layer), CancellationToken.None);
    }

    private static IReadOnlyList<ThreeWay> Views(OverlaySession session)
    {
        using Layer layer = session.Open();
        return
        [
            .. LayerDiff.Compute(layer).Changes.Where(change => change.Conflict is not null)
                .SelectMany(change => ThreeWay.Of(layer, change)),
        ];
    }
}
