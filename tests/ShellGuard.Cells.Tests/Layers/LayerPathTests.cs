using ShellGuard.Cells.Layers;
using ShellGuard.Core;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using Xunit;

namespace ShellGuard.Cells.Tests.Layers;

public class LayerPathTests
{
    [Fact]
    public void Any_bytes_come_back_and_nothing_acts()
    {
        Random random = new(7);
        for (int i = 0; i < 20000; i++)
        {
            byte[] bytes = new byte[random.Next(12)];
            random.NextBytes(bytes);
            string text = KernelText.Decode(bytes);
            string safe = SafeText.Escape(text);
            Assert.Equal(text, LayerPath.Parse(safe));
            Assert.DoesNotContain(safe, char.IsControl);
            Assert.True(KernelText.IsUnicode(safe));
            Assert.Equal(safe, SafeText.Of(bytes));
        }
    }

    [Fact]
    public void The_record_comes_back()
    {
        LayerMetadata metadata = new()
        {
            Target = KernelText.Decode("/home/\xff\n"u8),
            TargetDevice = ulong.MaxValue,
            TargetInode = 2,
            Start = new TimeSpec(3, 4),
            BootId = "b",
            ClockOffset = -5,
            Planted = [new PlantedEntry("x\u202e", FileType.CHR, 0x1FF, 6, uint.MaxValue)],
            Hidden = ["h/i"],
        };
        LayerMetadata back = LayerMetadata.FromJson(metadata.ToJson())!;
        Assert.Equal(metadata.Planted, back.Planted);
        Assert.Equal(metadata.Hidden, back.Hidden);
        Assert.Equal(metadata with { Planted = back.Planted, Hidden = back.Hidden }, back);
        byte[] json = metadata.ToJson();
        for (int cut = 0; cut < json.Length - 1; cut++)
        {
            Assert.Null(LayerMetadata.FromJson(json.AsMemory(0, cut)));
        }
    }

    [Theory]
    [InlineData("/a//b/./c/", "a/b/c")]
    [InlineData(".", "")]
    [InlineData("a/../b", null)]
    [InlineData("a\0", null)]
    public void Paths_are_normalised(string path, string? normal) => Assert.Equal(normal, LayerPath.Normalise(path));
}
