using System.Text;
using ShellGuard.Core.Events;
using ShellGuard.Leash.Configuration;
using ShellGuard.Leash.Lines;
using ShellGuard.Leash.Tests.Support;
using Xunit;

namespace ShellGuard.Leash.Tests.Lines;

/// <summary>The acceptance language: l8ash's observed behaviour, and where it must differ.</summary>
public sealed class LineVectorTests
{
    [Theory]
    [InlineData(1, "ls1", "ls1")]
    [InlineData(2, "  ls1  ", "ls1")]
    [InlineData(3, "ls1\r", "ls1")]
    [InlineData(2, "\tls1\t", "ls1")]
    [InlineData(8, "two words", "two words")]
    [InlineData(10, "a|b", "a|b")]
    [InlineData(13, "envg", "envg")]
    [InlineData(14, "ec", "ec")]
    [Trait("vector", "1"), Trait("vector", "2"), Trait("vector", "3"), Trait("vector", "8")]
    [Trait("vector", "10"), Trait("vector", "13"), Trait("vector", "14")]
    public void A_name_runs(int vector, string line, string name)
    {
        LineJudgement judged = Judge(line);
        Assert.True(name == judged.Entry?.Name, $"vector {vector}");
    }

    [Theory]
    [InlineData(5, "ls1 -l")]
    [InlineData(6, "/bin/ls")]
    [InlineData(7, "LS1")]
    [InlineData(9, "two  words")]
    [InlineData(11, "ls1 | envg")]
    [InlineData(12, "ls1;ls1")]
    [InlineData(12, "ls1 && ls1")]
    [InlineData(12, "$(ls1)")]
    [InlineData(16, "ls1 # x")]
    [InlineData(19, "\uFEFFls1")]
    [InlineData(21, "\u00A0ls1\u3000")]
    [InlineData(52, "leash script")]
    [InlineData(54, "/usr/lib/openssh/sftp-server")]
    [InlineData(54, "scp -t .")]
    [InlineData(54, "rsync --server -e.Lsfx . .")]
    [InlineData(54, "git-upload-pack 'x'")]
    [Trait("vector", "5"), Trait("vector", "6"), Trait("vector", "7"), Trait("vector", "9")]
    [Trait("vector", "11"), Trait("vector", "12"), Trait("vector", "16"), Trait("vector", "19")]
    [Trait("vector", "21"), Trait("vector", "52"), Trait("vector", "54")]
    public void Everything_else_is_denied(int vector, string line)
    {
        LineJudgement judged = Judge(line);
        Assert.True(judged is { Reason: LineReason.NotListed, Entry: null }, $"vector {vector}");
        Assert.Equal("permission denied", LineJudgement.Text(judged.Reason));
    }

    [Theory]
    [InlineData("# x")]
    [InlineData("   # x")]
    [InlineData("#!/bin/sh")]
    [InlineData("")]
    [InlineData("\t\t ")]
    [Trait("vector", "15")]
    public void Vector_15_comments_and_blanks_are_nothing(string line) =>
        Assert.Equal(LineJudgement.Nothing, Judge(line));

    [Fact]
    [Trait("vector", "17")]
    public void Vector_17_bytes_that_are_no_text_are_denied_by_themselves()
    {
        LineJudgement judged = LineLanguage.Judge([0xff, 0xfe], Base.Configuration);
        Assert.Equal(LineReason.NotText, judged.Reason);
        Assert.Equal("invalid UTF-8", LineJudgement.Text(judged.Reason));
    }

    [Theory]
    [InlineData("l\0s1")]
    [InlineData("ls1\0")]
    [InlineData("ls1\u0016")]
    [InlineData("\u001b[Als1")]
    [InlineData("ls1\u0085")]
    [InlineData("ls1\v")]
    [Trait("vector", "18"), Trait("vector", "64")]
    public void Vectors_18_and_64_control_characters_never_reach_the_comparison(string line) =>
        Assert.Equal(LineReason.ControlCharacter, Judge(line).Reason);

    [Fact]
    [Trait("vector", "20")]
    public void Vector_20_a_name_is_its_bytes()
    {
        LeashConfiguration configuration = Base.Good(Base.Entry("/bin/echo", name: "\u00e9"));
        Assert.NotNull(LineLanguage.Judge("\u00e9"u8, configuration).Entry);
        Assert.Equal(LineReason.NotListed, LineLanguage.Judge("e\u0301"u8, configuration).Reason);
    }

    [Theory]
    [InlineData("\u00A0ls1")]
    [InlineData("ls1\u3000")]
    [InlineData("\u2003ls1\u0085")]
    [InlineData("\vls1\f")]
    [Trait("vector", "21")]
    public void Vector_21_compatibility_trims_all_blanks_of_Unicode(string line)
    {
        LeashConfiguration configuration = Base.Good("[compat]\nunicode_blanks = true\n" + Base.Entry("/bin/ls", name: "ls1"));
        Assert.Equal("ls1", LineLanguage.Judge(Encoding.UTF8.GetBytes(line), configuration).Entry?.Name);
    }

    [Fact]
    public void A_line_longer_than_any_name_is_denied_unread()
    {
        byte[] line = new byte[LineLanguage.MaximumBytes + 1];
        Array.Fill(line, (byte)' ');
        Assert.Equal(LineReason.TooLong, LineLanguage.Judge(line, Base.Configuration).Reason);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Help_is_a_word_only_where_the_policy_says_so(bool help)
    {
        LeashConfiguration configuration = Base.Good($"[leash]\nhelp = {(help ? "true" : "false")}\n" + Base.Entry("/bin/ls"));
        Assert.Equal(help, LineLanguage.Judge("help"u8, configuration).IsHelp);
        Assert.Equal(!help, LineLanguage.Judge("help"u8, configuration).IsDenied);
    }

    private static LineJudgement Judge(string line) =>
        LineLanguage.Judge(Encoding.UTF8.GetBytes(line), Base.Configuration);
}
