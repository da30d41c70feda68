using System.Text;
using ShellGuard.Core;

namespace ShellGuard.Journal.Tests;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData("plain é 漢 😀", "plain é 漢 😀")]
    [InlineData("a\\b", @"a\\b")]
    [InlineData("\n\r\t\0\u001b\u007f", @"\n\r\t\x00\x1b\x7f")]
    [InlineData("\u009b\u202e\u200b\u00a0\ue000\u3164", @"\u{9b}\u{202e}\u{200b}\u{a0}\u{e000}\u{3164}")]
    [InlineData("e\u0301\u0301\u0301", "e\u0301\u0301\\u{301}")]
    public void WhatCouldActOrHideIsShown(string text, string safe) => Assert.Equal(safe, SafeText.Escape(text));

    [Fact]
    public void AnyBytesComeBack()
    {
        Random random = new(3);
        for (int i = 0; i < 20000; i++)
        {
            byte[] bytes = new byte[random.Next(16)];
            random.NextBytes(bytes);
            Assert.True(SafeText.TryParse(SafeText.Of(bytes), out byte[] back));
            Assert.Equal(bytes, back);
        }

        string text = string.Concat(Enumerable.Range(1, 0xd7ff).Select(code => new Rune(code).ToString()));
        Assert.True(SafeText.TryParse(SafeText.Escape(text), out byte[] all));
        Assert.Equal(text, Encoding.UTF8.GetString(all));
    }

    [Theory]
    [InlineData(@"\")]
    [InlineData(@"\x1")]
    [InlineData(@"\xg1")]
    [InlineData(@"\y00")]
    [InlineData(@"\u{}")]
    [InlineData(@"\u{d800}")]
    [InlineData(@"\u{110000}")]
    [InlineData(@"\u{61")]
    public void WhatWasNotEscapedIsRefused(string text) => Assert.False(SafeText.TryParse(text, out _));

    [Fact]
    public void AMessageKeepsWhatIsEscapedInIt()
    {
        Assert.Equal(@"no such file: a\x1b[2J\n\x07", SafeText.Message(@"no such file: a\x1b[2J" + "\n\a"));
        Assert.Equal(@"aaa\…", SafeText.Shorten(@"aaa\aaa", 4));
        Assert.Equal("😀…", SafeText.Shorten("😀😀😀", 3));
    }

    // Attributes hold text, and this is none.
    [Fact]
    public void AByteThatIsNoTextIsShown() => Assert.Equal(@"\xff\u{d800}x", SafeText.Escape("\udcff\ud800x"));

    [Fact]
    public void ColumnsStay() => Assert.Equal("a b\ufffd\ufffdé\\", SafeText.OneToOne("a\tb\u001b\u202eé\\"));
}
