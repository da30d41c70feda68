using ShellGuard.Cells.Layers;
using Xunit;

namespace ShellGuard.Cells.Tests.Layers;

public class LayerDiscardTests
{
    [Theory]
    [InlineData(0u)]
    [InlineData(OverlaySession.OrdinaryUser)]
    public void Deep_shut_and_linking_trees_go_and_nothing_else(uint user)
    {
        using OverlaySession session = new("echo canary > canary", user);
        session.Record();
        session.Run("mkdir shut; echo x > shut/x; chmod 0 shut; ln -s /tmp link; ln -s " + session.Target + " t;"
            + "python3 -c 'import os\nfor i in range(1500):\n os.mkdir(\"d\"*20); os.chdir(\"d\"*20)\nos.chmod(\".\", 0)'");
        session.AsUser(() =>
        {
            Assert.NotEmpty(session.Diff());
            Assert.True(
                LayerDiscard.TryRemove(Path.Combine(session.Root, "layers"), "0", out string? problem), problem);
        });
        Assert.False(Path.Exists(session.LayerDirectory));
        Assert.Equal("canary\n", File.ReadAllText(Path.Combine(session.Target, "canary")));
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("-x")]
    [InlineData("A")]
    [InlineData("a\0")]
    public void Names_that_lead_elsewhere_are_refused(string name)
    {
        using OverlaySession session = new("true");
        Assert.False(StorageName.IsValid(name));
        Assert.False(LayerDiscard.TryRemove(Path.Combine(session.Root, "layers"), name, out string? problem));
        Assert.NotNull(problem);
        Assert.True(Directory.Exists(session.Upper));
    }

    [Fact]
    public void A_link_in_place_of_a_layer_is_refused()
    {
        using OverlaySession session = new("true");
        OverlaySession.Shell(session.Root, "ln -s ../target layers/1; echo canary > target/c");
        Assert.False(LayerDiscard.TryRemove(Path.Combine(session.Root, "layers"), "1", out _));
        Assert.True(Path.Exists(Path.Combine(session.Target, "c")));
    }
}
