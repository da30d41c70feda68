using System.Net;
using ShellGuard.Cells.Supervision.Network;
using Xunit;

namespace ShellGuard.Cells.Tests.Network;

public sealed class AddressTests
{
    [Theory]
    [InlineData("8.8.8.8", false)]
    [InlineData("2606:4700::1111", false)]
    [InlineData("0.1.2.3", true)]
    [InlineData("10.255.0.1", true)]
    [InlineData("100.64.0.1", true)]
    [InlineData("100.128.0.1", false)]
    [InlineData("127.8.9.1", true)]
    [InlineData("169.254.169.254", true)]
    [InlineData("172.31.255.255", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.168.1.1", true)]
    [InlineData("198.19.255.255", true)]
    [InlineData("224.0.0.251", true)]
    [InlineData("255.255.255.255", true)]
    [InlineData("::", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:10.0.0.1", true)]
    [InlineData("::ffff:8.8.8.8", false)]
    [InlineData("64:ff9b::a00:1", true)]
    [InlineData("64:ff9b::808:808", false)]
    [InlineData("2002:a00:1::1", true)]
    [InlineData("2002:808:808::1", false)]
    [InlineData("fd00:ec2::254", true)]
    [InlineData("fe80::1", true)]
    [InlineData("ff02::fb", true)]
    [InlineData("::7f00:1", true)]
    public void Names_may_not_lead_to_special_addresses(string address, bool forbidden) =>
        Assert.Equal(forbidden, ForbiddenRanges.KindOf(IPAddress.Parse(address)) is not null);

    [Fact]
    public void The_table_in_the_documentation_is_the_one_in_the_code()
    {
        string[] documented = [.. File
            .ReadAllLines(Path.Combine(AppContext.BaseDirectory, "docs", "network.md"))
            .SkipWhile(line => line != "| Range | What it is |")
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'))];
        Assert.Equal(ForbiddenRanges.All.Select(range => $"| `{range.Range}` | {range.Kind} |"), documented);
    }

    [Fact]
    public void Mapped_addresses_are_the_addresses_they_map()
    {
        Span<byte> sockaddr = stackalloc byte[TargetAddress.SixLength];
        TargetAddress target = new(IPAddress.Parse("192.0.2.1"), 443);
        ReadOnlySpan<byte> written = target.Write(10, sockaddr);
        Assert.True(TargetAddress.TryRead(written, out TargetAddress read));
        Assert.Equal(target, read);
        Assert.True(TargetAddress.TryRead(written[..24], out _));
        Assert.False(TargetAddress.TryRead(written[..23], out _));
    }

    [Fact]
    public void An_epoll_entry_is_read_from_fdinfo()
    {
        Assert.True(EpollRegistration.TryRead(
            "tfd:       12 events: 8000001d data: ffff00000000000c  pos:0 ino:8a3 sdev:8"u8,
            4,
            out EpollRegistration entry,
            out ulong inode));
        Assert.Equal(new EpollRegistration(4, 12, 0x8000001d, 0xffff00000000000c), entry);
        Assert.Equal(0x8a3UL, inode);
    }
}
