using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Denials;

/// <summary>What one rule lays over a directory never brings back what another one hides beneath it.</summary>
public sealed class ViewOrderTests : IDisposable
{
    private readonly string _place = Directory.CreateDirectory($"/srv/sgt-{Guid.NewGuid():N}").FullName;

    public void Dispose() => Directory.Delete(_place, recursive: true);

    [Theory, BothIdentities]
    public void A_rule_for_what_is_not_there_yet_leaves_the_others_as_they_are(Identity identity)
    {
        Directory.CreateDirectory($"{_place}/secret");
        File.WriteAllText($"{_place}/secret/key", "canary");
        Directory.CreateDirectory($"{_place}/work");
        File.WriteAllText($"{_place}/work/file", "before");
        using TestArea area = new(identity);
        area.Own();
        string[] flags = ["--hide", $"{_place}/secret", "--cow", $"{_place}/work", "--hide", $"{_place}/later/a/b/c"];
        string shown = area.Inside(
            flags, "sh", "-c",
            $"cat {_place}/secret/key; ls {_place}/secret; cat {_place}/work/file; touch {_place}/work/x 2>/dev/null; "
            + $"mkdir -p {_place}/later 2>/dev/null || echo no").Output;
        Assert.Equal("beforeno\n", shown);
        string plan = area.Shellguard(["plan", .. flags, "--", "true"]);
        Assert.Contains("read-only overlay with a mask", plan, StringComparison.Ordinal);
    }

    [Theory, BothIdentities]
    public void The_private_directories_stay_private_in_a_larger_one_that_is_handed_over(Identity identity)
    {
        string canary = $"/var/tmp/sgt-{Guid.NewGuid():N}";
        File.WriteAllText(canary, "canary");
        try
        {
            using TestArea area = new(identity);
            area.Own();
            Outcome looked = area.Inside(["--cow", "/var"], "sh", "-c", $"ls /var/tmp; cat {canary}; ls -d /var/lib");
            Assert.DoesNotContain(Path.GetFileName(canary), looked.Output, StringComparison.Ordinal);
            Assert.EndsWith("/var/lib\n", looked.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("\ncanary", looked.Output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(canary);
        }
    }
}
