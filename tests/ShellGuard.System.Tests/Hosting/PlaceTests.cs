using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Hosting;

/// <summary>Wherever one stands and whatever the host lacks, a cell begins or says in one line why not.</summary>
public sealed class PlaceTests
{
    /// <summary>Real hosts lack some of what it names.</summary>
    [Theory, BothIdentities]
    public void The_preset_for_administrators_begins(Identity identity)
    {
        using TestArea area = new(identity);
        Outcome outcome = area.Outside(NativeBinary.Path, "run", "--policy", "admin", "--", "echo", "here");
        Assert.Equal("here\n", outcome.Succeed().Output);
    }

    [Theory, BothIdentities]
    public void Where_the_working_directory_is_not_shown_it_begins_in_the_root(Identity identity)
    {
        using TestArea area = new(identity);
        Assert.Equal("/\n", area.Outside(NativeBinary.Path, "run", "--policy", "dead", "--", "pwd").Succeed().Output);
    }

    [Theory, BothIdentities]
    public void A_working_directory_that_was_removed_is_said(Identity identity)
    {
        using TestArea area = new(identity);
        Outcome outcome = area.OutsideShell($"mkdir gone; cd gone; rmdir ../gone; {NativeBinary.Path} run -- true");
        Assert.Equal(125, outcome.Status);
        Assert.Equal("shellguard: the working directory does not exist any more: cd to one that does\n", outcome.Errors);
    }

    [Theory, BothIdentities]
    public void The_whole_host_is_never_direct(Identity identity)
    {
        using TestArea area = new(identity);
        Outcome outcome = area.Outside(NativeBinary.Path, "run", "--direct", "/", "--", "true");
        Assert.Equal(125, outcome.Status);
        Assert.Contains("/ cannot be direct as a whole; name the directories", outcome.Errors, StringComparison.Ordinal);
    }

    /// <summary>Overlayfs takes no directory with mounts: what a preset says of it becomes read-only, and that is said.
    /// </summary>
    [Fact]
    public void With_something_mounted_at_home_the_home_is_read_only()
    {
        using TestArea area = new(Identity.Root);
        Directory.CreateDirectory($"{area.Home}/mounted");
        Outcome outcome = area.Outside(
            "unshare", "-m", "sh", "-c",
            $"mount -t tmpfs none {area.Home}/mounted && cd / && {NativeBinary.Path} run -- sh -c 'touch {area.Home}/x || echo read-only'");
        Assert.Contains("read-only", outcome.Output, StringComparison.Ordinal);
        Assert.Contains(
            $"{area.Home} is read-only, not copy-on-write, because {area.Home}/mounted is mounted beneath it",
            area.Shellguard("log"), StringComparison.Ordinal);
    }

    [Theory, BothIdentities]
    public void A_limit_that_is_too_small_to_start_with_is_no_missing_feature(Identity identity)
    {
        using TestArea area = new(identity);
        Outcome outcome = area.Outside(NativeBinary.Path, "run", "--open-files", "2", "--", "true");
        Assert.Equal(125, outcome.Status);
        Assert.Contains("too small to start with", outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("--allow-degraded", outcome.Errors, StringComparison.Ordinal);
    }

    [Theory, BothIdentities]
    public void Every_namespace_is_another_than_the_hosts(Identity identity)
    {
        using TestArea area = new(identity);
        const string Line = "for name in cgroup ipc mnt net pid time user uts; do readlink /proc/self/ns/$name; done";
        string[] inside = area.InsideShell([], Line).Succeed().Output.TrimEnd('\n').Split('\n');
        string[] outside = area.OutsideShell(Line).Succeed().Output.TrimEnd('\n').Split('\n');
        Assert.Equal(8, inside.Length);
        Assert.Equal(outside.Select(Kind), inside.Select(Kind));
        Assert.Empty(inside.Intersect(outside));
    }

    /// <summary>cgroup:[4026531835] is of the kind cgroup.</summary>
    private static string Kind(string link) => link.Split(':')[0];

    [Theory, BothIdentities]
    public void Orphans_become_process_1s_and_are_reaped(Identity identity)
    {
        using TestArea area = new(identity);
        Outcome outcome = area.InsideShell([], """
            (sleep 1000 & echo $! > orphan)
            echo parent $(awk '/^PPid/ { print $2 }' /proc/$(cat orphan)/status)
            for i in {1..50}; do (setsid sh -c 'exit 3' &); done
            kill $(cat orphan)
            for i in {1..600}; do
                left=$(cat /proc/[0-9]*/stat 2> /dev/null | grep -cE '\((sh|setsid|sleep)\)')
                [ "$left" = 0 ] && break
                read -t 0.1 < <(:)
            done
            echo left $left
            """).Succeed();
        Assert.Equal("parent 1\nleft 0\n", outcome.Output);
    }

    /// <summary>Everybody may write to them on the host: what refuses is the view.</summary>
    [Theory, BothIdentities]
    public void What_the_host_mounted_is_shown_read_only_at_every_depth(Identity identity)
    {
        using TestArea area = new(identity);
        string top = $"/srv/sgt-{Environment.ProcessId}-{identity}";
        Directory.CreateDirectory(top);
        try
        {
            Outcome outcome = Programs.Run(
                Programs.Start(
                    [
                        "unshare", "-m", "/bin/bash", "-c", """
                        top=$1; shift
                        for place in $top/a $top/a/b/c $top/a/b/c/d/e/f; do
                            mkdir -p $place && mount -t tmpfs -o mode=777 none $place || exit
                            echo in $place > $place/file && chmod 666 $place/file || exit
                        done
                        exec "$@"
                        """, "bash", top,
                        .. area.GuardedWords([], "/bin/bash", "-c", """
                            for place in $0/a $0/a/b/c $0/a/b/c/d/e/f; do
                                cat $place/file
                                echo x 2> /dev/null >> $place/file && echo written
                                touch $place/new 2>&1 | grep -o 'Read-only file system'
                                findmnt -no FSTYPE,OPTIONS $place | grep -oE '^tmpfs +ro'
                            done
                            """, top),
                    ],
                    area.Work, area.Environment),
                null).EndWith(0);
            string[] expected =
            [
                .. new[] { "a", "a/b/c", "a/b/c/d/e/f" }.SelectMany(
                    place => (string[])[$"in {top}/{place}", "Read-only file system", "tmpfs ro"]),
            ];
            Assert.Equal(expected, outcome.Output.TrimEnd('\n').Split('\n').Select(line => line.Replace("tmpfs  ", "tmpfs ", StringComparison.Ordinal)));
        }
        finally
        {
            Directory.Delete(top, recursive: true);
        }
    }
}
