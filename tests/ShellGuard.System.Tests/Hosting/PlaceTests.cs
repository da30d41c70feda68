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
}
