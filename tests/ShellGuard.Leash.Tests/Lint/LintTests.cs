using ShellGuard.Leash.Lint;
using ShellGuard.Leash.Tests.Support;
using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Lint;
using Xunit;

namespace ShellGuard.Leash.Tests.Lint;

/// <summary>Each class of escapes, with the pipeline that has it and what takes it away. As root on Debian.</summary>
public sealed class LintTests
{
    [Theory]
    [InlineData("E1", "/usr/bin/less /etc/passwd", "", Severity.Error)]
    [InlineData("E1", "/usr/bin/less /etc/passwd", "noexec = true", Severity.Information)]
    [InlineData("E1", "/bin/cat /etc/passwd | /usr/bin/less", "stdin = \"null\"", Severity.Error)]
    [InlineData("E1", "/bin/bash", "", Severity.Error)]
    [InlineData("E2", "/usr/bin/git log", "", Severity.Warning)]
    [InlineData("E2", "/bin/ls", "env = [\"PAGER=less\"]", Severity.Warning)]
    [InlineData("E3", "/bin/ls", "env = [\"LD_PRELOAD=/x.so\"]", Severity.Warning)]
    [InlineData("E3", "/lib64/ld-linux-x86-64.so.2 /bin/ls", "", Severity.Error)]
    [InlineData("E4", "/usr/bin/make", "cwd = \"/tmp\"", Severity.Error)]
    [InlineData("E4", "/usr/bin/make", "cwd = \"/tmp\"\nnoexec = true", Severity.Warning)]
    [InlineData("E5", "/bin/cat /tmp/list", "", Severity.Warning)]
    [InlineData("E6", "/bin/sh", "", Severity.Error)]
    [InlineData("E6", "/bin/cat /etc/passwd | /usr/bin/xargs", "", Severity.Warning)]
    [InlineData("E7", "/usr/bin/tee /tmp/out", "", Severity.Error)]
    [InlineData("E7", "/bin/dd of=/tmp/out", "", Severity.Error)]
    [InlineData("E7", "/usr/bin/tee /tmp/out", "readonly = true", Severity.Information)]
    [InlineData("E8", "/bin/ls", "env = [\"PATH=/tmp:/bin\"]", Severity.Error)]
    public void Classes(string escape, string command, string rest, Severity severity) =>
        Assert.Contains(Findings(command, rest), finding => finding.Class.ToString() == escape && finding.Diagnostic.Severity == severity);

    [Theory]
    [InlineData("E1", "/usr/bin/python3 /etc/passwd", "")]
    [InlineData("E1", "/bin/bash", "stdin = \"null\"")]
    [InlineData("E6", "/bin/sh", "stdin = \"null\"")]
    [InlineData("E4", "/usr/bin/make", "")]
    [InlineData("E4", "/bin/ls", "cwd = \"/tmp\"")]
    [InlineData("E5", "/bin/cat /etc/passwd", "")]
    [InlineData("E7", "/usr/bin/tee /dev/null", "")]
    [InlineData("E3", "/bin/ls", "env = [\"LC_ALL=C\"]")]
    public void What_is_none(string escape, string command, string rest) =>
        Assert.DoesNotContain(Findings(command, rest), finding => finding.Class.ToString() == escape);

    [Fact]
    [Trait("vector", "72"), Trait("vector", "73")]
    public void Vectors_72_and_73_the_owners_of_what_a_path_leads_to()
    {
        string tool = Path.GetTempFileName();
        File.SetUnixFileMode(tool, (UnixFileMode)0b111_101_101);
        string link = $"/opt/sg-lint-{Environment.ProcessId}";
        File.CreateSymbolicLink(link, tool);
        LintFinding[] direct = Findings(tool, "");
        LintFinding[] linked = Findings(link, "");
        File.Delete(link);
        File.Delete(tool);
        Assert.All(
            [direct, linked],
            findings => Assert.Contains(
                findings,
                finding => finding.Diagnostic is { Severity: Severity.Error } found
                    && found.Message.Contains("everybody can write /tmp", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("ls", "is not the whole path")]
    [InlineData("/bin/../bin/ls", "is not the whole path")]
    [InlineData("/bin//ls", "is not the whole path")]
    [InlineData("/bin/nosuch", "cannot be opened: ENOENT")]
    [InlineData("/bin/ls", "have no hashes")]
    [Trait("vector", "74")]
    public void Vector_74_and_missing_hashes(string command, string message) => Assert.Contains(
        Findings(command, ""), finding => finding.Diagnostic.Message.Contains(message, StringComparison.Ordinal));

    [Fact]
    [Trait("vector", "26")]
    public void Vector_26_a_variable_twice() => Assert.Contains(
        Findings("/bin/ls", "env = [\"A=1\", \"A=2\"]"),
        finding => finding.Diagnostic.Message == "A is set twice; the last one holds");

    [Theory]
    [InlineData("disk", "d\u0456sk")]
    [InlineData("disk", "Disk")]
    [InlineData("a b", "a  b")]
    [InlineData("modern", "modem")]
    [InlineData("l1", "ll")]
    [Trait("vector", "20")]
    public void Vector_20_names_that_look_alike(string one, string other)
    {
        string text = Base.Entry("/bin/ls", name: one) + Base.Entry("/bin/ls", name: other);
        Assert.Contains(
            LeashLint.Check(Base.Good(text)),
            finding => finding.Diagnostic.Message == "the name is easily taken for that of line 2");
    }

    [Fact]
    public void The_table_is_not_a_few_programs() => Assert.True(ProgramTraits.Count > 200, $"{ProgramTraits.Count}");

    [Fact]
    public void Settings_are_looked_at_too()
    {
        string text = "[leash]\ninherit_env = ['LD_PRELOAD']\npath = '/tmp:/bin'\n" + Base.Entry("/bin/ls");
        Assert.Equal(
            ["E3", "E8"],
            LeashLint.Check(Base.Good(text)).Where(finding => finding.Entry.Length == 0).Select(finding => finding.Class.ToString()));
    }

    private static LintFinding[] Findings(string command, string rest) =>
        [.. LeashLint.Check(Base.Good(Base.Entry(command, rest)))];
}
