using ShellGuard.Audit.Profiles;

namespace ShellGuard.Audit.Tests.Profiles;

/// <summary>dpkg's lists: who owns a file, and which directory a package has for itself.</summary>
public sealed class DpkgPackagesTests : IDisposable
{
    private readonly DirectoryInfo _lists = Directory.CreateTempSubdirectory("sg-dpkg-");

    public void Dispose() => _lists.Delete(recursive: true);

    [Fact]
    public void Files_and_trees_have_the_owner_of_the_list()
    {
        List("foo:amd64", "/.", "/usr", "/usr/share", "/usr/share/foo", "/usr/share/foo/a", "/usr/share/foo/sub", "/usr/share/foo/sub/b", "/usr/share/both", "/usr/share/both/f", "/lib/libfoo.so.1");
        List("bar", "/.", "/usr", "/usr/share", "/usr/share/both", "/usr/share/both/b", "/usr/bin/bar");
        IPackageOwners owners = DpkgPackages.Load(
            ["/usr/share/foo/sub/b", "/usr/share/both/f", "/usr/lib/libfoo.so.1", "/usr/bin/bar", "/bin/bar", "/usr/share/foo/unknown"], _lists.FullName);
        Assert.Equal("foo", owners.OwnerOf("/usr/share/foo/sub/b"));
        Assert.Equal("/usr/share/foo", owners.TreeOf("/usr/share/foo/sub/b"));
        Assert.Equal("foo", owners.OwnerOf("/usr/share/both/f"));
        Assert.Null(owners.TreeOf("/usr/share/both/f"));
        Assert.Equal("foo", owners.OwnerOf("/usr/lib/libfoo.so.1"));
        Assert.Equal("bar", owners.OwnerOf("/bin/bar"));
        Assert.Null(owners.TreeOf("/usr/bin/bar"));
        Assert.Null(owners.OwnerOf("/usr/share/foo/unknown"));
        Assert.Null(owners.OwnerOf("/never/asked"));
    }

    [Fact]
    public void Where_dpkg_is_not_nothing_has_an_owner() =>
        Assert.Null(DpkgPackages.Load(["/usr/bin/foo"], Path.Combine(_lists.FullName, "none")).OwnerOf("/usr/bin/foo"));

    private void List(string package, params string[] paths) =>
        File.WriteAllLines(Path.Combine(_lists.FullName, package + ".list"), paths);
}
