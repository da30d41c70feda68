using ShellGuard.Leash.Integrity.Libraries;
using Xunit;

namespace ShellGuard.Leash.Tests.Integrity;

/// <summary>The loader's list of libraries, read whole or not at all.</summary>
public sealed class LibraryCacheTests
{
    [Fact]
    public void The_hosts_has_the_c_library()
    {
        Assert.True(LibraryCache.TryRead(out LibraryCache cache, out string? problem), problem);
        Assert.Contains(cache.Find("libc.so.6"), path => path.EndsWith("/libc.so.6", StringComparison.Ordinal));
        Assert.Empty(cache.Find("libnone.so.1"));
    }

    [Fact]
    public void One_that_is_cut_is_none()
    {
        byte[] whole = File.ReadAllBytes("/etc/ld.so.cache");
        Assert.True(LibraryCache.TryParse(whole, out _));
        foreach (int length in (int[])[0, 10, 47, 48, 48 + 24, whole.Length / 8, 48 + (24 * BitConverter.ToInt32(whole, 20))])
        {
            Assert.False(LibraryCache.TryParse(whole.AsSpan(0, length), out _), $"the first {length} bytes");
        }
    }

    [Fact]
    public void One_of_an_unknown_form_is_none()
    {
        byte[] other = File.ReadAllBytes("/etc/ld.so.cache");
        other[0] ^= 1;
        Assert.False(LibraryCache.TryParse(other, out _));
    }
}
