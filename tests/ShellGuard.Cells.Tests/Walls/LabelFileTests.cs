using ShellGuard.Cells.Walls;
using Xunit;

namespace ShellGuard.Cells.Tests.Walls;

public sealed class LabelFileTests : IDisposable
{
    private readonly string _session = Directory.CreateTempSubdirectory("shellguard-label-").FullName;

    public void Dispose() => Directory.Delete(_session, recursive: true);

    [Fact]
    public void A_label_is_read_as_it_was_written()
    {
        Directory.CreateDirectory($"{_session}/cells/db-1/layers/0");
        LabelFile.Write(_session, "db-1", ["web", "db:customers"]);
        Assert.True(LabelFile.TryRead($"{_session}/cells/db-1/layers/0", out IReadOnlyList<string> tags));
        Assert.Equal(["db:customers", "web"], tags);
    }

    [Fact]
    public void A_side_without_its_label_is_not_a_layer_without_one()
    {
        Assert.True(LabelFile.TryRead($"{_session}/layers/0", out IReadOnlyList<string> tags));
        Assert.Empty(tags);
        Assert.False(LabelFile.TryRead($"{_session}/cells/db-1/layers/0", out _));
    }
}
