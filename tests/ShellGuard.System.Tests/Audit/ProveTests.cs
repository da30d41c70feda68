using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Audit;

/// <summary>Which of the proposed capabilities a real program needs, by running it without each.</summary>
public sealed class ProveTests : IDisposable
{
    private const int Port = 897;

    // Not below /var/tmp, where the storage lies.
    private readonly string _directory = $"/srv/sgt-prove-{Environment.ProcessId}";

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Each_capability_is_tried_and_nothing_of_the_host_is_changed()
    {
        using TestArea area = new(Identity.Root);
        Prepare($"""
            import os, socket
            open("{_directory}/log", "a").write("run\n")
            server = socket.socket()
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            server.bind(("127.0.0.1", {Port}))
            server.listen()
            print(open("{_directory}/secret").read())
            if os.geteuid() == 0:
                os.chmod("{_directory}/other", 0o644)
            """);
        Shellguard(area, "trace", "-q", "-o", "x.audit", "--", "python3", "program.py").Succeed();
        Outcome outcome = Shellguard(
            area, "learn", "--prove", "--user", Account.Of(Identity.Ordinary).Name, "-o", "x.toml", "x.audit", "--", "python3", "program.py").Succeed();
        Assert.Contains("up to 9 times, first as root", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("CAP_NET_BIND_SERVICE is needed: status 1, not 0; ", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains($"bind 127.0.0.1:{Port}/tcp: denied (EACCES)", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("CAP_DAC_READ_SEARCH is needed: status 1, not 0; ", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains($"read {_directory}/secret: denied (EACCES)", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("CAP_DAC_OVERRIDE is not needed: same status, output and denials", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("CAP_FOWNER is not needed: same status, output and denials", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("with the groups adm and only CAP_NET_BIND_SERVICE it ends as it does as root", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("entries in access control lists and only CAP_NET_BIND_SERVICE it ends as it does as root\n", outcome.Errors, StringComparison.Ordinal);
        string policy = File.ReadAllText($"{_directory}/x.toml");
        Assert.Contains("#       tried: with the 2 entries in access control lists and only CAP_NET", policy, StringComparison.Ordinal);
        Assert.DoesNotContain(Account.Of(Identity.Ordinary).Name, Programs.Run("getfacl", "-p", $"{_directory}/secret").Succeed().Output, StringComparison.Ordinal);
        Assert.Contains("#       tried: needed: status 1, not 0", policy, StringComparison.Ordinal);
        Assert.Contains("#       tried: not needed: same status", policy, StringComparison.Ordinal);
        Assert.Equal("run\n", File.ReadAllText($"{_directory}/log"));
        Leftovers.AssertNoTrials();
    }

    [Fact]
    public void Runs_that_differ_by_themselves_decide_nothing()
    {
        using TestArea area = new(Identity.Root);
        Prepare($"""
            import random, string
            print("".join(random.choice(string.ascii_letters) for _ in range(40)))
            open("{_directory}/secret").read()
            """);
        Shellguard(area, "trace", "-q", "-o", "x.audit", "--", "python3", "program.py").Succeed();
        Outcome outcome = Shellguard(
            area, "learn", "--prove", "--user", Account.Of(Identity.Ordinary).Name, "-o", "x.toml", "x.audit", "--", "python3", "program.py").Succeed();
        Assert.Contains("CAP_DAC_READ_SEARCH is undecided: two runs with all of them differ", outcome.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("needs --user", "--", "true")]
    [InlineData("needs the COMMAND", "--user", "shellguard-test")]
    [InlineData("root needs no capability", "--user", "root", "--", "true")]
    [InlineData("no user", "--user", "nobody-of-that-name", "--", "true")]
    public void What_is_missing_is_said(string why, params string[] words)
    {
        using TestArea area = new(Identity.Root);
        Prepare($"open(\"{_directory}/secret\").read()");
        Shellguard(area, "trace", "-q", "-o", "x.audit", "--", "python3", "program.py").Succeed();
        Assert.Contains(why, Shellguard(area, ["learn", "--prove", "x.audit", .. words]).EndWith(125).Errors, StringComparison.Ordinal);
    }

    private void Prepare(string program)
    {
        _ = Account.Of(Identity.Ordinary);
        Directory.CreateDirectory(_directory);
        File.WriteAllText($"{_directory}/program.py", program);
        foreach ((string name, string owner, string mode) in ((string, string, string)[])[("secret", "root:adm", "640"), ("other", "root:root", "600"), ("log", "root:root", "666")])
        {
            File.WriteAllText($"{_directory}/{name}", "");
            Programs.Run("chown", owner, $"{_directory}/{name}").Succeed();
            Programs.Run("chmod", mode, $"{_directory}/{name}").Succeed();
        }
    }

    private Outcome Shellguard(TestArea area, params string[] words) =>
        Programs.Run(Programs.Start([NativeBinary.Path, .. words], _directory, area.Environment), null);
}
