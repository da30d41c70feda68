using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Leash;

/// <summary>Pipelines that run as somebody else, where the leash is root's.</summary>
public sealed class UserTests
{
    [Fact]
    public void Roots_leash_becomes_the_user_for_good()
    {
        Account user = Account.Of(Identity.Ordinary);
        using LeashArea leash = new(Identity.Root);
        string back = leash.Write(
            "back.py", "import os\nfor call in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.setgroups([0])):\n    try:\n        call()\n        print('BACK')\n    except OSError:\n        pass\nprint(os.getresuid(), os.getresgid(), os.getgroups(), os.environ['HOME'], os.environ['USER'])\n",
            0b110_100_100);
        string rest = $"user = '{user.Name}'";
        leash.Configure(
            "[leash]\npolicy = 'default'\n" + LeashArea.Entry("x", $"/usr/bin/python3 {back} | /bin/cat", rest)
            + LeashArea.Entry("caps", "/bin/grep -E ^Cap[IPEA] /proc/self/status", rest)
            + LeashArea.Entry("cell", "/usr/bin/id -u | /bin/cat", rest + "\nsandbox = 'policy'")
            + LeashArea.Entry("wait", "/bin/sleep 135791", rest)
            + LeashArea.Entry("nobody", "/usr/bin/id", "user = 'no-such-user'"));
        Assert.Equal(
            $"({user.Uid}, {user.Uid}, {user.Uid}) ({user.Gid}, {user.Gid}, {user.Gid}) [{user.Gid}] /home/{user.Name} {user.Name}\n",
            leash.Line("x").Succeed().Output);
        Assert.All(
            leash.Line("caps").Succeed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.EndsWith("\t0000000000000000", line, StringComparison.Ordinal));
        Assert.Equal($"{user.Uid}\n", leash.Line("cell").Succeed().Output);
        Outcome nobody = leash.Line("nobody");
        Assert.Equal(
            ("", "cannot be run as the entry says: as no-such-user: the host knows no such user\n", 126),
            (nobody.Output, nobody.Errors, nobody.Status));

        // It ends with the leash, although a change of user makes a process forget that.
        using global::System.Diagnostics.Process waiting = leash.Start(["--config", leash.Configuration, "-c", "wait"]);
        Programs.WaitUntil(() => Sleepers() == 1, "the pipeline");
        waiting.Kill();
        Programs.WaitUntil(() => Sleepers() == 0, "its end");
        waiting.WaitForExit();
    }

    [Fact]
    public void Nobody_else_can_and_is_told_so()
    {
        using LeashArea leash = new(
            Identity.Ordinary,
            LeashArea.Entry("root", "/usr/bin/id -u", "user = 'root'")
            + LeashArea.Entry("self", "/usr/bin/id -un", "user = 'shellguard-test'"));
        Outcome root = leash.Line("root");
        Assert.Equal(
            ("", "cannot be run as the entry says: as root: only a leash that root runs can do that\n", 126),
            (root.Output, root.Errors, root.Status));
        Assert.Equal("shellguard-test\n", leash.Line("self").Succeed().Output);
        Assert.Contains("\"code\":9", leash.Journals, StringComparison.Ordinal);
    }

    private static int Sleepers() => Directory.GetDirectories("/proc")
        .Count(path => char.IsAsciiDigit(path[6])
            && Leftovers.Read($"{path}/cmdline").Contains("sleep\0135791", StringComparison.Ordinal));
}
