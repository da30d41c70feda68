using System.Diagnostics;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Faults;

/// <summary>kill -9 of <c>shellguard commit</c> wherever it is: committing again completes it.</summary>
public sealed class CommitTests
{
    private const int Kills = 24;

    private const string Before = """
        mkdir -p tree/modified tree/deleted tree/opaque; cd tree
        for i in {100..219}; do
            echo old $i > modified/$i; mkdir -p deleted/$i/below; echo x > deleted/$i/below/file
            mkdir opaque/$i; echo y > opaque/$i/old
        done
        """;

    private const string Change = """
        cd tree
        for i in {100..219}; do
            mkdir -p added/$i; echo new $i > added/$i/file; ln added/$i/file added/$i/second; ln -s file added/$i/link
            echo more >> modified/$i; chmod 640 modified/$i; setfattr -n user.note -v $i modified/$i
            rm -r deleted/$i
            rm -r opaque/$i; mkdir opaque/$i; echo z > opaque/$i/new; chmod 711 opaque/$i
        done
        """;

    /// <summary>Half of the kills wait for a number of changes on the host, so that each finds a commit that is under way
    /// however fast the machine is; the others come at any time.</summary>
    [Theory, BothIdentities]
    public void Killed_24_times_and_committed_again_it_equals_the_native_run(Identity identity)
    {
        using TestArea area = new(identity);
        area.OutsideShell(Before).Succeed();
        Trees.Copy(area.Work, $"{area.Root}/native");
        area.OutsideShell($"cd ../native; {Change}").Succeed();
        string native = Trees.Of($"{area.Root}/native/tree");
        Random random = new(7);
        int killed = 0, halfway = 0;
        for (int round = 0; killed < Kills; round++)
        {
            // A commit that was completed leaves nothing to kill: the next begins with a new session.
            Assert.True(round < 12, $"only {killed} kills in {round} rounds");
            area.OutsideShell($"rm -rf tree; {Before}").Succeed();
            area.InsideShell([], Change).Succeed();
            string before = Trees.Of($"{area.Work}/tree");
            while (killed < Kills && KillOne(area, random, wait: killed % 2 == 0))
            {
                killed++;
                string now = Trees.Of($"{area.Work}/tree");
                halfway += now != before && now != native ? 1 : 0;
            }

            Outcome last = area.Untouched(NativeBinary.Path, "commit");
            Assert.True(
                last.Status == 0 || last.Errors.Contains("no session has changes", StringComparison.Ordinal),
                $"round {round}: {last.Output}{last.Errors}");
            Assert.Equal(native, Trees.Of($"{area.Work}/tree"));
            Assert.Equal("", Programs.Run("find", area.Work, "-name", ".shellguard-*").Output);
            Assert.Contains("no session has changes", area.Untouched(NativeBinary.Path, "diff").Errors, StringComparison.Ordinal);
        }

        Assert.True(halfway > Kills / 3, $"only {halfway} of {Kills} kills fell into the middle");
    }

    /// <returns>Whether it was killed before it was done.</returns>
    private static bool KillOne(TestArea area, Random random, bool wait)
    {
        int present = Added(area);
        using Process commit = Programs.Start(
            [.. area.Account.Prefix, NativeBinary.Path, "commit"], area.Work, area.Environment);
        commit.OutputDataReceived += (_, _) => { };
        commit.BeginOutputReadLine();
        commit.BeginErrorReadLine();
        if (wait)
        {
            int wanted = present + random.Next(1, 12);
            SpinWait.SpinUntil(() => commit.HasExited || Added(area) >= Math.Min(wanted, 120), Programs.Patience);
            Thread.SpinWait(random.Next(200_000));
        }
        else
        {
            Thread.Sleep(random.Next(120));
        }

        commit.Kill();
        commit.WaitForExit();
        return commit.ExitCode == 137;
    }

    private static int Added(TestArea area) => Directory.Exists($"{area.Work}/tree/added")
        ? Directory.GetDirectories($"{area.Work}/tree/added").Length
        : 0;
}
