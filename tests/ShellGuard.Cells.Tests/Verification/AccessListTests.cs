using ShellGuard.Cells.Verification;
using Xunit;

namespace ShellGuard.Cells.Tests.Verification;

/// <summary>Lists as getfattr -e hex shows them after setfacl.</summary>
public sealed class AccessListTests
{
    [Theory]
    [InlineData("", 0x1a0u, 1001u, 4u, "02000000" + "01000600ffffffff" + "02000400e9030000" + "04000400ffffffff" + "10000400ffffffff" + "20000000ffffffff")]
    [InlineData("", 0x180u, 1001u, 6u, "02000000" + "01000600ffffffff" + "02000600e9030000" + "04000000ffffffff" + "10000600ffffffff" + "20000000ffffffff")]
    [InlineData(
        "02000000" + "01000600ffffffff" + "02000700e8030000" + "04000400ffffffff" + "10000400ffffffff" + "20000000ffffffff", 0u, 1001u, 1u,
        "02000000" + "01000600ffffffff" + "02000700e8030000" + "02000100e9030000" + "04000400ffffffff" + "10000700ffffffff" + "20000000ffffffff")]
    [InlineData(
        "02000000" + "01000600ffffffff" + "02000700e9030000" + "04000000ffffffff" + "10000700ffffffff" + "20000000ffffffff", 0u, 1001u, 4u,
        "02000000" + "01000600ffffffff" + "02000400e9030000" + "04000000ffffffff" + "10000400ffffffff" + "20000000ffffffff")]
    public void An_entry_comes_to_what_is_there(string list, uint mode, uint user, uint rights, string expected) =>
        Assert.Equal(expected, Convert.ToHexString(AccessList.With(Convert.FromHexString(list), mode, user, rights)), ignoreCase: true);
}
