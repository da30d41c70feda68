using System.Diagnostics;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Walls;

/// <summary>kill -9 of a commit of labelled files wherever it is: whatever of them is on the host by then, no later session sees it
/// without its label.</summary>
public sealed class LabelledCommitTests
{
    private const int Kills = 8;
    private const string Canary = "canary-4711";

    [Theory, BothIdentities]
    public void A_killed_commit_leaves_nothing_without_its_label(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("vault/file", $"{Canary}\n");
        string policy = area.Write("walls.toml", $"""
            extends = "default"
            [tags]
            "secret" = "what stays here"
            [[resource]]
            name = "vault"
            paths = ["{area.Work}/vault"]
            source = ["secret"]
            [cell.side]
            label = ["secret"]
            read-only = ["{area.Work}/vault"]
            """);
        Random random = new(5);
        int halfway = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            string made = $"made{kill}";
            string[] before = [.. area.Sessions];
            area.InsideShell(
                ["--policy", policy],
                $"shellguard run --in side -- sh -c 'mkdir {made}; for i in $(seq 200); do cp vault/file {made}/$i; done'").Succeed();
            string session = Path.GetFileName(area.Sessions.Except(before).Single());
            using (Process commit = Programs.Start(
                [.. area.Account.Prefix, NativeBinary.Path, "commit", session], area.Work, area.Environment))
            {
                commit.OutputDataReceived += (_, _) => { };
                commit.BeginOutputReadLine();
                commit.BeginErrorReadLine();
                int wanted = random.Next(1, 150);
                SpinWait.SpinUntil(() => commit.HasExited || Committed(area, made) >= wanted, Programs.Patience);
                commit.Kill();
                commit.WaitForExit();
            }

            halfway += Committed(area, made) is > 0 and < 200 ? 1 : 0;
            // By the shell itself: a command that names such a file runs where the file is.
            string look = $"n=0; for file in {made}/*; do read -r line < $file && [ $line = {Canary} ] && n=$((n + 1)); done 2> /dev/null; echo $n";
            Assert.Equal("0\n", area.InsideShell([], look).Output);
            Assert.Equal("0\n", area.InsideShell(["--policy", policy], look).Output);
            area.Untouched(NativeBinary.Path, "commit", session).Succeed();
            Assert.Equal(200, Committed(area, made));
            Assert.Equal("0\n", area.InsideShell([], look).Output);
        }

        Assert.True(halfway > Kills / 3, $"only {halfway} of {Kills} kills fell into the middle");
        Assert.Equal(
            $"{Canary}\n",
            area.InsideShell(["--policy", policy], "shellguard run --in side -- cat made0/7").Succeed().Output);
        Leftovers.AssertNone(area);
    }

    private static int Committed(TestArea area, string made) => Directory.Exists($"{area.Work}/{made}")
        ? Directory.GetFiles($"{area.Work}/{made}").Count(file => !Path.GetFileName(file).StartsWith('.'))
        : 0;
}
