using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Leash;

/// <summary>The tools around a configuration, as an administrator uses them.</summary>
public sealed class ToolTests
{
    [Fact]
    public void Hashes_are_written_verified_and_drift_is_named()
    {
        using LeashArea leash = new(Identity.Root);
        string tool = leash.Write("tool", "#!/bin/sh\necho one\n", 0b111_101_101);
        leash.Configure("# comment\n" + LeashArea.Entry("x", $"{tool} | /bin/cat"));
        Assert.Contains($"integrity = [\"{LeashArea.Hash(tool)}\"", Tool(leash, "hash").Succeed().Output, StringComparison.Ordinal);
        Tool(leash, "hash", "--write").Succeed();
        Assert.StartsWith("# comment\n", File.ReadAllText(leash.Configuration), StringComparison.Ordinal);
        Assert.Contains("1 of 1 pipelines are as their hashes say", Tool(leash, "verify").Succeed().Output, StringComparison.Ordinal);
        Assert.Equal("one\n", leash.Line("x").Succeed().Output);
        leash.Write("tool", "#!/bin/sh\necho two\n", 0b111_101_101);
        Assert.Contains($"x: invalid checksum for {tool}", Tool(leash, "verify").EndWith(1).Output, StringComparison.Ordinal);
        Tool(leash, "hash", "--write").Succeed();
        Assert.Equal("two\n", leash.Line("x").Succeed().Output);
    }

    [Fact]
    public void Why_and_list_and_lint_and_test()
    {
        using LeashArea leash = new(Identity.Root, LeashArea.Entry("disk", "/bin/df -h", "timeout = '5s'") + LeashArea.Entry("sh", "/bin/sh"));
        string why = Tool(leash, "why", "disk").Succeed().Output;
        Assert.Contains($"rule     {leash.Configuration}:2: name = ", why, StringComparison.Ordinal);
        Assert.Contains($"sha256 {LeashArea.Hash("/bin/df")}", why, StringComparison.Ordinal);
        Assert.Contains("no entry has exactly this name", Tool(leash, "why", "disk -h").EndWith(1).Output, StringComparison.Ordinal);
        Assert.Contains("disk\n    /bin/df -h\n    time 5s\n", Tool(leash, "list").Succeed().Output, StringComparison.Ordinal);
        Assert.Contains("disk\n", Tool(leash, "list", "--as", "shellguard-test").Succeed().Output, StringComparison.Ordinal);
        Assert.Contains("\"class\": \"E6\"", Tool(leash, "lint", "--json").EndWith(1).Output, StringComparison.Ordinal);
        string expectations = leash.Write(
            "expect.toml", "[[expect]]\nline = 'disk'\nverdict = 'allow'\n[[expect]]\nline = 'sh'\nverdict = 'deny'\n", 0b110_100_100);
        Assert.Contains(
            "'sh' is allowed by line", Tool(leash, "test", expectations).EndWith(1).Output, StringComparison.Ordinal);
        Assert.Equal(78, Programs.Run(
            $"{leash.Root}/shellguard", "leash", "list", "--config", $"{leash.Root}/none.toml").Status);
    }

    [Fact]
    public void What_was_recorded_becomes_a_configuration_that_runs()
    {
        using LeashArea leash = new(Identity.Root);
        string trace = $"{leash.Area.Work}/night.strace";
        leash.Area.Outside(
            "/usr/bin/strace", "-f", "-qq", "-s", "65535", "-o", trace, "/bin/bash", "-c",
            "/bin/uname -s; /bin/uname -s; /usr/bin/git --version; /bin/ls /var/tmp; /bin/echo 'two words'; /usr/bin/env uname -r").Succeed();
        leash.Area.Shellguard("import", "-o", $"{leash.Area.Work}/night.audit", trace);
        Outcome proposed = Programs.Run(
            Programs.Start([.. leash.Account.Prefix, NativeBinary.Path, "export", "leash", $"{leash.Area.Work}/night.audit"], "/"), null);
        string text = proposed.Succeed().Output;
        Assert.Matches("# 2 times, first .*night.strace:[0-9]+, by /(usr/)?bin/bash .*\n\\[\\[whitelist\\]\\]\nname = \"uname -s\"\n", text);
        Assert.Contains($"integrity = [\"{LeashArea.Hash("/bin/uname")}\"]", text, StringComparison.Ordinal);
        Assert.Matches("name = \"git --version\"\nintegrity = .*\ncommand_line = \"/usr/bin/git --version\"\nnoexec = true\nnonet = true\n", text);
        Assert.Contains("# left out, once: /bin/ls /var/tmp\n#   E5: ls reads what others can write", text, StringComparison.Ordinal);
        Assert.Contains("# left out, once: /bin/echo two words\n#   an argument has a blank", text, StringComparison.Ordinal);
        leash.Configure(text);
        Tool(leash, "lint", "--level", "warning").Succeed();
        Assert.Equal("Linux\n", leash.Line("uname -s").Succeed().Output);
        Assert.StartsWith("git version ", leash.Line("git --version").Succeed().Output, StringComparison.Ordinal);
        Assert.Equal(126, leash.Line("ls /var/tmp").Status);

        // One byte is enough for a recording to prove nothing.
        byte[] audit = File.ReadAllBytes($"{leash.Area.Work}/night.audit");
        audit[audit.Length / 2] ^= 1;
        File.WriteAllBytes($"{leash.Area.Work}/night.audit", audit);
        Outcome touched = Programs.Run(NativeBinary.Path, "export", "leash", $"{leash.Area.Work}/night.audit");
        Assert.Equal(("", 125), (touched.Output, touched.Status));
    }

    private static Outcome Tool(LeashArea leash, string verb, params string[] words) => Programs.Run(
        $"{leash.Root}/shellguard", ["leash", verb, .. words, "--config", leash.Configuration]);
}
