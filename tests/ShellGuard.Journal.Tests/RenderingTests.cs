using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Journal.Rendering;

namespace ShellGuard.Journal.Tests;

/// <summary>Nothing that a program chose acts on the reader's terminal, hides, or looks like another record.</summary>
public sealed class RenderingTests
{
    [Fact]
    public void Tricks_become_visible()
    {
        Assert.Equal(
            @"\x1b]52;c;aGk=\x07\r\n\x00\\x41\u{202e}evil\u{2028}\u{200b}\xff\xc3(\xed\xa0\x80\\\xf0\x9f",
            SafeText.Of(Samples.Nasty));
        Assert.Equal(@"a\u{9b}31mb\u{3164}\u{a0}é漢", SafeText.Of("a\u009b31mb\u3164\u00a0é漢"));
        Assert.Equal("aaaaaaaa…(+92 bytes)", SafeText.Of(new string('a', 100), 8));
    }

    [Fact]
    public void Any_bytes_render_to_one_harmless_line() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
            IsHarmless(SafeText.Of(bytes))));

    [Fact]
    public void Every_event_renders_to_one_harmless_line()
    {
        long denials = 0;
        foreach (JournalEvent what in Samples.Every
            .Append(new ErrorEvent("x", Encoding.Latin1.GetString(Samples.Nasty)))
            .Append(new UnknownEvent((EventKind)99)).Append(new SignatureEvent(EventKind.Seal, 0)))
        {
            string text = RecordText.Of(Line(what with { Cell = "ce\nll" }, denials++));
            Assert.True(IsHarmless(text), text);
            Assert.DoesNotContain("\n", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_denial_names_object_rule_and_number()
    {
        string text = RecordText.Of(Line(Samples.Denial(), 7));
        Assert.Equal(
            "1970-01-01 00:00:00.000Z #5 main curl[12] connect denied: evil.example:443/tcp, no rule grants it "
            + "(/home/ann/policy.toml:12) [why 7]",
            text);
    }

    [Theory]
    [InlineData("tool --password=hunter2", "tool --password=[redacted]")]
    [InlineData("tool --password hunter2 x", "tool --password [redacted] x")]
    [InlineData("tool --api-key=abc --API_KEY=abc", "tool --api-key=[redacted] --API_KEY=[redacted]")]
    [InlineData("mysql -phunter2 -u root", "mysql -p[redacted] -u root")]
    [InlineData("/usr/bin/mysqldump -phunter2", "/usr/bin/mysqldump -p[redacted]")]
    [InlineData("mkdir -p/x", "mkdir -p/x")]
    [InlineData("sshpass -p hunter2 ssh host", "sshpass -p [redacted] ssh host")]
    [InlineData("curl -u ann:hunter2 https://x", "curl -u [redacted] https://x")]
    [InlineData("curl https://ann:hunter2@x.example/p?q=1", "curl https://ann:[redacted]@x.example/p?q=1")]
    [InlineData("curl https://x/?a=1&token=abc&b=2", "curl https://x/?a=1&token=[redacted]&b=2")]
    [InlineData("env DB_PASSWORD=a;b x", "env DB_PASSWORD=[redacted];b x")]
    [InlineData("env AWS_SECRET_ACCESS_KEY=abc x", "env AWS_SECRET_ACCESS_KEY=[redacted] x")]
    [InlineData("git push https://ghp_0123456789abcdefABCDEF@github.com", "git push https://[redacted]@github.com")]
    [InlineData("psql host=h;password=p;user=u", "psql host=h;password=[redacted];user=u")]
    [InlineData("ls --sort=time bypass=1 design=2", "ls --sort=time bypass=1 design=2")]
    public void Secrets_are_hidden(string command, string expected) =>
        Assert.Equal(expected, string.Join(' ', Redaction.Arguments(ArgumentVector.Of(command.Split(' ')).Kept)));

    [Theory]
    [InlineData("Authorization: Bearer abc", "Authorization: [redacted]")]
    [InlineData("X-Auth-Token: abc", "X-Auth-Token: [redacted]")]
    [InlineData("Accept: text/html", "Accept: text/html")]
    public void Headers_are_hidden(string header, string expected) => Assert.Equal(expected, Redaction.Within(header));

    [Fact]
    public void Redaction_takes_any_bytes() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(ArbMap.Default.ArbFor<byte[][]>(), arguments =>
            Redaction.Arguments([.. arguments.Select(item => HostileText.Of(item))]).Count == arguments.Length));

    [Fact]
    public void A_secret_in_an_exec_is_not_shown_to_people_and_stays_in_the_record()
    {
        ExecEvent exec = new(
            HostileText.Of("/usr/bin/mysql"), ArgumentVector.Of("mysql", "-phunter2", "a b"), Decision.Allow, "");
        string text = RecordText.Of(Line(exec, 0));
        Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
        Assert.EndsWith("mysql '-p[redacted]' 'a b'", text, StringComparison.Ordinal);
        Assert.Contains("hunter2", Samples.Text(RoundTripTests.Serialize(exec)), StringComparison.Ordinal);
    }

    internal static bool IsHarmless(string text) => text.EnumerateRunes().All(rune => Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate));

    private static JournalLine Line(JournalEvent what, long denial) => new(
        5, 100, default,
        new JournalRecord(new RecordHeader(1, 5, DateTimeOffset.UnixEpoch, 0, Samples.Session), what), null, denial);
}
