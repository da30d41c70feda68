using System.Diagnostics;
using System.Text.Json;
using ShellGuard.Cells.Layers;
using Xunit;

namespace ShellGuard.Cells.Tests.Layers;

public class LayerDiffTests
{
    [Fact]
    public void Every_kind_of_change_has_its_line()
    {
        using OverlaySession session = new(
            "mkdir -p d/e t; echo 1 > a; echo 2 > b; echo 3 > d/e/c; echo 4 > gone; echo 5 > x; ln -s a l; echo 6 > t/u; echo 7 > h");
        session.Record();
        session.Run("echo more >> a; chmod 600 b; rm -r d; rm gone; rm x; mkdir x; ln -sf b l; echo > n; touch t/u; chmod 644 t/u;"
            + "ln h h2; printf 'x' > \"$(printf 'bad\\033[2Jname\\377')\"; chown 5:6 t; mkfifo p; mknod dev c 1 3");
        Assert.Equal(
            [
                "M  a  (2 to 7 bytes)",
                "M  b  (mode 0644 to 0600)",
                "A  bad\\x1b[2Jname\\xff  (1 bytes)",
                "D  d/  (3 entries go)",
                "A! dev  (device nodes are not committed)",
                "D  gone",
                "A  h2  (2 bytes; the same file as h)",
                "M  l  (leads to b)",
                "A  n  (1 bytes)",
                "A  p",
                "M  t/  (owner 0:0 to 5:6)",
                "R  x/  (file becomes directory)",
            ],
            session.DiffLines());
    }

    [Fact]
    public void What_the_host_changed_since_the_start_is_a_conflict()
    {
        using OverlaySession session = new("mkdir d; echo 1 > a; echo 2 > b; echo 3 > d/c");
        session.Record();
        session.Run("echo mine > a; echo mine > b; rm -r d");
        OverlaySession.Shell(session.Target, "echo theirs > a; touch -d 2001-01-01 a; echo theirs > d/c");
        Assert.Equal(["a", "d"], session.Diff().Where(change => change.Conflict is not null).Select(change => change.Path));
    }

    [Fact]
    public void What_was_planted_is_no_change_until_the_session_changes_it()
    {
        using OverlaySession session = new("mkdir -p .ssh .config/tool; echo key > .ssh/id; echo t > .config/tool/t");
        OverlaySession.Shell(session.Upper, "mknod .ssh c 0 0; mkdir -p .config/tool .later; mknod .config/tool/t c 0 0");
        session.Record(".ssh", ".config/tool/t", ".later");
        Assert.Empty(session.DiffLines());
        session.Run("mkdir .ssh; echo evil > .ssh/authorized_keys; echo o > .config/other; echo x > .later/x");
        Assert.Equal(
            [
                "A  .config/other  (2 bytes)",
                "A! .later/  (the policy hides this path)",
                "M! .ssh/  (the policy hides this path)",
            ],
            session.DiffLines());
        CommitReport report = session.Commit();
        Assert.False(report.IsComplete);
        Assert.Equal("key\n", File.ReadAllText(Path.Combine(session.Target, ".ssh/id")));
        Assert.False(Path.Exists(Path.Combine(session.Target, ".ssh/authorized_keys")));
        Assert.False(Path.Exists(Path.Combine(session.Target, ".later")));
        Assert.Equal("o\n", File.ReadAllText(Path.Combine(session.Target, ".config/other")));
    }

    [Fact]
    public void A_tree_with_a_hidden_path_in_it_is_not_deleted()
    {
        using OverlaySession session = new("mkdir -p c/cloud; echo key > c/cloud/key; echo x > c/x");
        OverlaySession.Shell(session.Upper, "mkdir c; mknod c/cloud c 0 0");
        session.Record("c/cloud");
        session.Run("rm -r c");
        Change change = Assert.Single(session.Diff());
        Assert.Contains("c/cloud", change.Refusal, StringComparison.Ordinal);
        Assert.Equal(CommitOutcome.Refused, Assert.Single(session.Commit().Entries).Outcome);
        Assert.Equal("key\n", File.ReadAllText(Path.Combine(session.Target, "c/cloud/key")));
    }

    [Fact]
    public void Deletions_marked_by_attributes_count_too()
    {
        using OverlaySession session = new("mkdir d; echo 1 > d/a; echo 2 > d/b");
        session.Record();
        OverlaySession.Shell(
            session.Upper,
            "mkdir d; : > d/a; python3 -c 'import os; os.setxattr(\"d\", \"user.overlay.opaque\", b\"x\");"
                + " os.setxattr(\"d/a\", \"user.overlay.whiteout\", b\"\")'");
        Assert.Equal(["D  d/a"], session.DiffLines());
        Assert.True(session.Commit().IsComplete);
        Assert.Equal(["b"], Directory.EnumerateFileSystemEntries(Path.Combine(session.Target, "d")).Select(Path.GetFileName));
    }

    [Fact]
    public void An_ordinary_users_shut_files_and_directories_are_read_and_shut_again()
    {
        using OverlaySession session = new("mkdir d; echo 1 > d/a; echo 1 > f; echo 1 > g", OverlaySession.OrdinaryUser);
        session.Record();
        session.Run("echo n > d/n; chmod 0 d; echo n > f; chmod 0 f; chmod 0 g");
        session.AsUser(() =>
        {
            Assert.Equal(["d", "d/n", "f", "g"], session.Diff().Select(change => change.Path));
            Assert.Equal(ChangeAspects.Mode, session.Diff().Single(change => change.Path == "g").Aspects);
        });
        Assert.Equal("0\n0\n0\n", OverlaySession.Shell(session.Upper, "stat -c %a d f g"));
    }

    [Fact]
    public void A_layer_over_another_directory_is_refused()
    {
        using OverlaySession session = new("echo 1 > a");
        session.Record();
        OverlaySession.Shell(session.Root, "mv target old; mkdir target");
        Assert.False(Layer.TryOpen(session.LayerDirectory, out _, out string? problem));
        Assert.Contains("another directory", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Fifty_thousand_files_take_seconds()
    {
        using OverlaySession session = new("mkdir d; cd d; seq 1 10000 | xargs touch");
        session.Record();
        session.Run("cd d; seq 1 10000 | xargs chmod 600; mkdir n; cd n; seq 1 40000 | xargs touch");
        Stopwatch watch = Stopwatch.StartNew();
        Assert.Equal(50001, session.Diff().Count);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
    }

    [Fact]
    public void The_json_has_the_bytes_of_names_that_are_not_text()
    {
        using OverlaySession session = new("echo 1 > a");
        session.Record();
        session.Run("echo 2 > a; echo > \"$(printf 'n\\377')\"");
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartArray();
            foreach (Change change in session.Diff())
            {
                ChangeJson.Write(json, change, []);
            }

            json.WriteEndArray();
        }

        using JsonDocument document = JsonDocument.Parse(stream.ToArray());
        Assert.Equal("content", document.RootElement[0].GetProperty("aspects")[0].GetString());
        Assert.Equal("host", document.RootElement[0].EnumerateObject().Last().Name);
        Assert.Equal([(byte)'n', 0xFF], document.RootElement[1].GetProperty("pathBytes").GetBytesFromBase64());
    }
}
