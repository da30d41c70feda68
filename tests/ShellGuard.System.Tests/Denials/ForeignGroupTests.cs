using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Denials;

/// <summary>overlayfs cannot copy for an ordinary user's cell what belongs to another group: the denial is explained.
/// </summary>
public sealed class ForeignGroupTests
{
    private const string Change = "echo a >> file; echo b > directory/new; rm directory/old; cat file; echo c >> own";

    [Fact]
    public void What_the_layer_cannot_keep_is_explained_and_the_way_on_works()
    {
        using TestArea area = Make(Identity.Ordinary);
        Outcome outcome = Inside(area, [], Change);
        Assert.Equal("text\n", outcome.Output);
        Assert.Contains("Value too large", outcome.Errors, StringComparison.Ordinal);
        string log = area.Shellguard("log", "--denied");
        Assert.Contains($"write denied: {area.Work}/file, it belongs to group 0, which", log, StringComparison.Ordinal);
        Assert.Contains($"write denied: {area.Work}/directory/new, {area.Work}/directory belongs to group 0", log, StringComparison.Ordinal);
        Assert.Contains($"delete denied: {area.Work}/directory/old", log, StringComparison.Ordinal);
        Assert.Equal(3, log.Split("EOVERFLOW").Length - 1);
        Assert.Contains($"way on   --direct {area.Work}\n", area.Shellguard("why", "1"), StringComparison.Ordinal);

        Inside(area, ["--direct", area.Work], "echo a >> file").Succeed();
        Assert.Equal("text\na\n", File.ReadAllText($"{area.Work}/file"));
    }

    [Fact]
    public void For_root_every_group_is_there()
    {
        using TestArea area = Make(Identity.Root);
        Assert.Equal("text\na\n", Inside(area, [], Change).Succeed().Output);
        Assert.DoesNotContain("denied:", area.Shellguard("log", "--denied"), StringComparison.Ordinal);
    }

    private static TestArea Make(Identity identity)
    {
        TestArea area = new(identity);
        area.Write("file", "text\n");
        area.Write("own", "text\n");
        area.Write("directory/old", "text\n");
        area.Own();
        Programs.Run("chgrp", identity == Identity.Root ? "7" : "0", $"{area.Work}/file", $"{area.Work}/directory").Succeed();
        return area;
    }

    // Not by the area, which would make everything the user's own again.
    private static Outcome Inside(TestArea area, IReadOnlyList<string> flags, string line) =>
        Programs.Run(
            Programs.Start(area.GuardedWords(flags, "/bin/sh", "-c", line), area.Work, area.Environment), null);
}
