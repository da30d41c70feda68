using System.Security.Cryptography;
using ShellGuard.Leash.Configuration;
using ShellGuard.Leash.Lines;
using ShellGuard.Leash.Tests.Support;
using Xunit;

namespace ShellGuard.Leash.Tests.Configuration;

/// <summary>What l8ash's own tests expect, where it is not one of its holes: an empty configuration is not "blank" and so
/// unrestricted, and a script in unrestricted mode does not exist.</summary>
public sealed class L8ashTests
{
    private const string First = "4c3b5bd5a1f0ef8cd3e4a7f07e5b2f5e6ecb8a0a9d4a2b9b1cbd9be1c8e3c1aa";
    private const string Second = "9f2f1a50dc0f2f6a1c7b7d8e0b5d4c3a2918f7e6d5c4b3a291807f6e5d4c3b2a";

    private static readonly LeashConfiguration Example = Base.Good(
        $"""
        shell_integrity = "ok"
        [[whitelist]]
        name = "ls"
        command_line = "/bin/ls"
        env = []
        integrity = []
        [[whitelist]]
        name = "envg"
        command_line = "/usr/bin/env | /bin/grep KORE"
        env = ["KORE=ok", "ARE=nok"]
        integrity = ["{First}", "{Second}"]
        """);

    [Fact]
    public void A_blank_configuration_allows_nothing() => Assert.Empty(Base.Good("whitelist = []").Entries);

    [Fact]
    public void A_configuration_with_a_key_of_old_loads() => Assert.Equal(2, Example.Entries.Count);

    [Fact]
    public void A_name_gives_its_command_line() =>
        Assert.Equal("/usr/bin/env | /bin/grep KORE", Example.Find("envg")?.CommandLine);

    [Fact]
    public void An_unknown_name_gives_nothing() => Assert.Null(Example.Find("lsblk"));

    [Fact]
    public void Environments_have_their_pairs()
    {
        Assert.Equal(2, Example.Find("envg")!.Environment.Count);
        Assert.Empty(Example.Find("ls")!.Environment);
    }

    [Fact]
    public void Hashes_are_in_the_order_of_the_stages() =>
        Assert.Equal([First, Second], Example.Find("envg")!.Integrity);

    [Fact]
    public void The_hash_is_SHA_256() => Assert.Equal(
        "36bbe50ed96841d10443bcb670d6554f0a34b761be67ec9c4a8ad2c0c44ca42c",
        Convert.ToHexString(SHA256.HashData("abcde"u8)).ToLowerInvariant());

    [Theory]
    [InlineData("#!/bin/leash", null)]
    [InlineData("", null)]
    [InlineData("envg", "envg")]
    [InlineData("ls | g", null)]
    [InlineData("ls -l | tr r @ | shasum -a 256", null)]
    public void A_script_is_judged_line_by_line(string line, string? runs) =>
        Assert.Equal(runs, LineLanguage.Judge(System.Text.Encoding.UTF8.GetBytes(line), Example).Entry?.Name);
}
