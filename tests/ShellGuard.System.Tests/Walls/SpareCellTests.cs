using System.Diagnostics;
using System.Globalization;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Walls;

/// <summary>A cell that is made before it is needed shows what one would show that is made when it is needed.</summary>
public sealed class SpareCellTests
{
    private const string Policy = """
        extends = "default"
        [tags]
        "secret" = "what stays here"
        "other" = "likewise"
        [[resource]]
        name = "vault"
        net = ["127.0.0.1:1"]
        source = ["secret"]
        [cell.side]
        label = ["secret"]
        [cell.both]
        label = ["secret", "other"]
        [files]
        read-only = ["conf/deep/fixed"]
        """;

    /// <summary>A mount within the copy-on-write directory makes the overlay look its parents up when it is mounted.</summary>
    [Theory, BothIdentities]
    public void It_sees_what_the_lobby_and_sides_below_wrote_after_it_was_made(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("conf/deep/fixed/of-the-host", "");
        using Lobby lobby = new(area, Policy);
        foreach (string cell in (string[])["side", "both"])
        {
            Assert.Equal("", lobby.Say($"shellguard run --in {cell} -- true"));
            lobby.WaitForSpare();
        }

        Assert.Equal("", lobby.Say("echo lobby > conf/deep/new"));
        Assert.Equal("lobby", lobby.Say("shellguard run --in side -- cat conf/deep/new"));
        Assert.Equal("lobby", lobby.Say("shellguard run --in both -- cat conf/deep/new"));
        lobby.WaitForSpare();
        Assert.Equal("", lobby.Say("shellguard run --in side -- sh -c 'echo side > conf/deep/new'"));
        Assert.Equal("side", lobby.Say("shellguard run --in both -- cat conf/deep/new"));
        lobby.WaitForSpare();
        Assert.Equal("", lobby.Say("rm -r conf/deep/new; mkdir -p conf/other/place; echo again > conf/other/place/file"));
        Assert.Equal("again", lobby.Say("shellguard run --in side -- cat conf/other/place/file"));
        lobby.End();
        Leftovers.AssertNone(area);
    }

    [Theory, BothIdentities]
    public void One_that_is_not_used_is_in_no_list_and_no_record(Identity identity)
    {
        using TestArea area = new(identity);
        using Lobby lobby = new(area, Policy);
        lobby.Say("shellguard run --in side -- true");
        lobby.Say("shellguard run --in both -- true");
        lobby.WaitForSpare();
        string cells = area.Shellguard("cells");
        Assert.Contains("lobby", cells, StringComparison.Ordinal);
        Assert.DoesNotContain("side", string.Join('\n', cells.Split('\n').Where(line => line.Contains("process", StringComparison.Ordinal))), StringComparison.Ordinal);
        lobby.End();

        // The lobby, and a cell for each command.
        string journal = Remains.JournalText(Assert.Single(area.Sessions));
        Assert.Equal(3, journal.Split("\"event\":\"cell-start\"").Length - 1);
        Assert.Equal(3, journal.Split("\"event\":\"cell-end\"").Length - 1);
        Leftovers.AssertNone(area);
    }

    [Theory, BothIdentities]
    public void One_that_was_killed_is_made_again(Identity identity)
    {
        using TestArea area = new(identity);
        using Lobby lobby = new(area, Policy);
        lobby.Say("shellguard run --in side -- true");
        foreach (int spare in lobby.WaitForSpare())
        {
            Programs.Run("kill", "-9", spare.ToString(CultureInfo.InvariantCulture)).Succeed();
        }

        Assert.Equal("works", lobby.Say("shellguard run --in side -- echo works"));
        lobby.End();
        Leftovers.AssertNone(area);
    }

    /// <summary>It would count.</summary>
    [Theory, BothIdentities]
    public void Where_processes_are_limited_there_is_none(Identity identity)
    {
        using TestArea area = new(identity);
        using Lobby lobby = new(area, Policy + "\n[limits]\nprocesses = 50\n");
        lobby.Say("shellguard run --in side -- true");
        Assert.Equal("works", lobby.Say("sleep 0.5; echo works"));
        Assert.Empty(lobby.Spares());
        lobby.End();
    }

    [Fact]
    public void It_has_what_the_host_mounted_after_it_was_made()
    {
        using TestArea area = new(Identity.Root);
        string place = Directory.CreateDirectory($"/mnt/{Path.GetFileName(area.Root)}").FullName;
        using Lobby lobby = new(area, Policy);
        Assert.Equal("", lobby.Say($"shellguard run --in side -- ls {place}"));
        lobby.WaitForSpare();
        Programs.Run("mount", "-t", "tmpfs", "none", place).Succeed();
        try
        {
            File.WriteAllText($"{place}/there", "");
            Assert.Equal("there", lobby.Say($"shellguard run --in side -- ls {place}"));
            lobby.End();
        }
        finally
        {
            Programs.Run("umount", place).Succeed();
            Directory.Delete(place);
        }
    }

    /// <summary>A shell of which every line is awaited.</summary>
    private sealed class Lobby : IDisposable
    {
        private readonly Process _session;

        public Lobby(TestArea area, string policy)
        {
            string path = area.Write("walls.toml", policy);
            _session = area.StartInside(["--policy", path], "/bin/bash");
        }

        /// <summary>What a line prints.</summary>
        public string Say(string line)
        {
            _session.StandardInput.WriteLine($"{line} 2>&1; echo end of it");
            _session.StandardInput.Flush();
            List<string> lines = [];
            while (_session.StandardOutput.ReadLine() is { } answer && answer != "end of it")
            {
                lines.Add(answer);
            }

            return string.Join('\n', lines);
        }

        /// <summary>Process 1 of cells in which nothing runs.</summary>
        public IReadOnlyList<int> Spares() =>
        [
            .. Leftovers.ChildrenOf(_session.Id).Where(child =>
                Leftovers.Read($"/proc/{child}/cmdline").StartsWith("shellguard-porter", StringComparison.Ordinal)
                && Leftovers.ChildrenOf(child).Count == 0),
        ];

        public IReadOnlyList<int> WaitForSpare()
        {
            IReadOnlyList<int> found = [];
            Programs.WaitUntil(() => (found = Spares()).Count > 0, () => "a spare cell");
            return found;
        }

        public void End()
        {
            _session.StandardInput.Close();
            Assert.True(_session.WaitForExit(Programs.Patience), "it did not end");
        }

        public void Dispose()
        {
            if (!_session.HasExited)
            {
                _session.Kill();
            }

            _session.Dispose();
        }
    }
}
