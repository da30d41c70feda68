using ShellGuard.Cells.Limiting;
using ShellGuard.Linux;
using Xunit;

namespace ShellGuard.Cells.Tests.Limiting;

/// <summary>What a layer takes on the disk.</summary>
public sealed class LayerSizeTests : IDisposable
{
    private const int Piece = 1 << 20;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("layer");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void Files_count_by_what_they_take_and_links_once()
    {
        Assert.InRange(Measure(), 0, 16384);
        Write("a/b/one");
        Write("two");
        File.CreateSymbolicLink($"{_root.FullName}/link", $"{_root.FullName}/two");
        ShellGuard.Linux.Calls.Files.Link(
            new(), $"{_root.FullName}/two", new(), $"{_root.FullName}/three").OrThrow();
        using (FileStream sparse = File.Create($"{_root.FullName}/sparse"))
        {
            sparse.SetLength(1L << 40);
        }

        Assert.InRange(Measure(), 2 * Piece, (2 * Piece) + 65536);
    }

    [Fact]
    public void It_stops_when_there_is_enough()
    {
        for (int i = 0; i < 20; i++)
        {
            Write($"f{i:D2}");
        }

        LayerSize.Measure([_root.FullName], 3 * Piece, out long bytes).OrThrow();
        Assert.InRange(bytes, (3 * Piece) + 1, 6 * Piece);
    }

    [Fact]
    public void What_cannot_be_measured_is_an_error()
    {
        string deep = _root.FullName;
        for (int i = 0; i < 300; i++)
        {
            deep += "/d";
        }

        Directory.CreateDirectory(deep);
        Assert.Equal(Errno.ELOOP, LayerSize.Measure([_root.FullName], long.MaxValue, out _).Error);
        Assert.Equal(
            Errno.ENOENT, LayerSize.Measure([$"{_root.FullName}/not-there"], long.MaxValue, out _).Error);
    }

    private long Measure()
    {
        LayerSize.Measure([_root.FullName], long.MaxValue, out long bytes).OrThrow();
        return bytes;
    }

    private void Write(string name)
    {
        string path = $"{_root.FullName}/{name}";
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        byte[] bytes = new byte[Piece];
        Random.Shared.NextBytes(bytes);
        File.WriteAllBytes(path, bytes);
    }
}
