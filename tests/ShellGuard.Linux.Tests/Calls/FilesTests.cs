using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using Xunit;

namespace ShellGuard.Linux.Tests.Calls;

public sealed class FilesTests : IDisposable
{
    private const ResolveFlags Strict = ResolveFlags.BENEATH | ResolveFlags.NO_SYMLINKS | ResolveFlags.NO_MAGICLINKS;

    private readonly string _path = Directory.CreateTempSubdirectory("shellguard-files-").FullName;
    private readonly Descriptor _directory;

    public FilesTests() =>
        Files.Open(_path, OpenFlags.RDONLY | OpenFlags.DIRECTORY, out _directory).OrThrow();

    public void Dispose()
    {
        _directory.Dispose();
        Directory.Delete(_path, recursive: true);
    }

    [Fact]
    public void Links_and_ways_out_are_refused_beneath_a_directory()
    {
        Files.MakeDirectory(_directory, "d", 0x1C0).OrThrow();
        Files.MakeSymbolicLink(_directory, "link", "d").OrThrow();
        Assert.Equal(Errno.ELOOP, Open("link/x").Error);
        Assert.Equal(Errno.EXDEV, Open("../x").Error);
        Assert.Equal(Errno.EXDEV, Open("/etc/passwd").Error);
        Assert.Equal(Errno.EINVAL, Open("a\0b").Error);
        Assert.Equal(Errno.ENOENT, Open("d/x").Error);
        Files.ReadLink(_directory, "link", out string target).OrThrow();
        Assert.Equal("d", target);
    }

    [Fact]
    public void Names_keep_bytes_that_are_not_text()
    {
        string name = KernelText.Decode([(byte)'n', 0xFF, 0xC3, 0xA9, 0x0A]);
        Files.MakeFifo(_directory, name, 0x180).OrThrow();
        DirectoryEntries.List(_directory, out List<string> names).OrThrow();
        Assert.Equal([name], names);
        Assert.Equal([(byte)'n', 0xFF, 0xC3, 0xA9, 0x0A], KernelText.Encode(names[0]));
        Files.Status(_directory, name, out FileStatus status).OrThrow();
        Assert.Equal(FileType.IFO, status.Type);
        Files.Unlink(_directory, name).OrThrow();
    }

    [Fact]
    public void Renaming_may_refuse_to_replace_or_exchange()
    {
        Make("a", "1");
        Make("b", "22");
        Assert.Equal(Errno.EEXIST, Files.Rename(_directory, "a", _directory, "b", RenameFlags.NOREPLACE).Error);
        Files.Rename(_directory, "a", _directory, "b", RenameFlags.EXCHANGE).OrThrow();
        Files.Status(_directory, "a", out FileStatus status).OrThrow();
        Assert.Equal(2, status.Size);
        Files.Link(_directory, "a", _directory, "c").OrThrow();
        Files.Status(_directory, "c", out FileStatus linked).OrThrow();
        Assert.True(status.IsSameInode(linked));
        Assert.Equal(2u, linked.Links);
    }

    [Fact]
    public void Attributes_modes_times_and_holes_are_set_through_descriptors()
    {
        Make("a", "1");
        Files.Open(_directory, "a", OpenFlags.PATH | OpenFlags.NOFOLLOW, Strict, out Descriptor handle).OrThrow();
        using (handle)
        {
            byte[] large = new byte[1000];
            Attributes.Set(handle, "user.b", large).OrThrow();
            Attributes.Set(handle, "user.a", "x"u8).OrThrow();
            Attributes.List(handle, out IReadOnlyList<string> names).OrThrow();
            Assert.Equal(["user.a", "user.b"], names);
            Attributes.Get(handle, "user.b", out byte[] value).OrThrow();
            Assert.Equal(large, value);
            Attributes.Remove(handle, "user.b").OrThrow();
            Assert.Equal(Errno.ENODATA, Attributes.Get(handle, "user.b", out _).Error);
            FileMetadata.SetMode(handle, 0x1A0).OrThrow();
            FileMetadata.SetTimes(handle, new TimeSpec(1, 2), new TimeSpec(3, 4)).OrThrow();
            Files.Status(handle, out FileStatus status).OrThrow();
            Assert.Equal(0x1A0u, status.Mode);
            Assert.Equal(new TimeSpec(3, 4), status.Modified);
            Assert.True(status.Changed > new TimeSpec(1000, 0));
        }

        Files.Open(_directory, "a", OpenFlags.RDWR, out Descriptor file).OrThrow();
        using (file)
        {
            FileContent.SetLength(file, 1 << 20).OrThrow();
            Assert.True(FileContent.Seek(file, 0, SeekFrom.HOLE).OrThrow() < 1 << 20);
            Assert.Equal(Errno.ENXIO, FileContent.Seek(file, 1 << 19, SeekFrom.DATA).Error);
        }
    }

    private LinuxResult Open(string path)
    {
        LinuxResult result = Files.Open(_directory, path, OpenFlags.RDONLY, Strict, out Descriptor file);
        file.Dispose();
        return result;
    }

    private void Make(string name, string content) => File.WriteAllText(Path.Combine(_path, name), content);
}
