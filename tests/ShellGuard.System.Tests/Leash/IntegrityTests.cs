using System.Text;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Leash;

/// <summary>What was hashed is what runs.</summary>
public sealed class IntegrityTests
{
    private const string Genuine = "#!/bin/sh\necho genuine \"$@\"\n";
    private const string Evil = "#!/bin/sh\necho EVIL\n";

    [Fact]
    [Trait("vector", "28"), Trait("vector", "29"), Trait("vector", "30")]
    public void Vectors_28_to_30_hashes_are_compared_stage_by_stage()
    {
        string echo = LeashArea.Hash("/bin/echo");
        string cat = LeashArea.Hash("/bin/cat");
        using LeashArea leash = new(
            Identity.Ordinary,
            LeashArea.Entry("right", "/bin/echo hi | /bin/cat", $"integrity = ['{echo.ToUpperInvariant()}', '{cat}']")
            + LeashArea.Entry("second", "/bin/echo hi | /bin/cat", $"integrity = ['{echo}', '{echo}']")
            + LeashArea.Entry("swapped", "/bin/echo hi | /bin/cat", $"integrity = ['{cat}', '{echo}']"));
        Assert.Equal("hi\n", leash.Line("right").Succeed().Output);
        Outcome second = leash.Feed("second\nright\n");
        Assert.Equal($"invalid checksum for /bin/cat: {echo}\n", second.Errors);
        Assert.Equal("hi\n", second.Output);
        Outcome swapped = leash.Line("swapped");
        Assert.Equal(
            ("", $"invalid checksum for /bin/echo: {cat}\n", 126), (swapped.Output, swapped.Errors, swapped.Status));
    }

    [Fact]
    public void A_script_needs_the_hash_of_its_interpreter()
    {
        using LeashArea leash = new(Identity.Ordinary);
        string script = leash.Write("tool", Genuine, 0b111_101_101);
        string entry = LeashArea.Entry("x", $"{script} a b", $"integrity = ['{LeashArea.Hash(script)}']");
        leash.Configure(entry);
        Outcome without = leash.Line("x");
        Assert.Equal(126, without.Status);
        Assert.Equal($"no checksum for /bin/sh, which runs {script}\n", without.Errors);
        leash.Configure($"{entry}[interpreters]\n'/bin/sh' = '{LeashArea.Hash("/bin/sh")}'\n");
        Assert.Equal("genuine a b\n", leash.Line("x").Succeed().Output);
        leash.Configure($"{entry}[interpreters]\n'/bin/sh' = '{LeashArea.Hash("/bin/cat")}'\n");
        Assert.Equal(
            $"invalid checksum for /bin/sh: {LeashArea.Hash("/bin/cat")}\n", leash.Line("x").EndWith(126).Errors);
    }

    [Fact]
    public void What_env_would_look_up_is_looked_up_and_hashed()
    {
        using LeashArea leash = new(Identity.Root);
        string script = leash.Write("tool", "#!/usr/bin/env python3\nimport sys\nprint('python', sys.argv[1])\n", 0b111_101_101);
        leash.Configure(LeashArea.Entry("x", $"{script} arg"));
        Assert.Equal("python arg\n", leash.Line("x").Succeed().Output);
        Assert.Contains("\"path\":\"/usr/bin/python3\"", leash.Journals, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interpreter_that_is_a_script_is_refused()
    {
        using LeashArea leash = new(Identity.Root);
        string inner = leash.Write("inner", Genuine, 0b111_101_101);
        string outer = leash.Write("outer", $"#!{inner}\n", 0b111_101_101);
        leash.Configure(LeashArea.Entry("x", outer));
        Assert.Equal($"{outer}: its interpreter {inner} is a script itself\n", leash.Line("x").EndWith(126).Errors);
    }

    /// <summary>One pair of hands exchanges the file by rename, the other rewrites it in place, while the leash is asked to
    /// run it a thousand times: either the genuine one runs or none.</summary>
    [Theory]
    [InlineData("rename")]
    [InlineData("write")]
    [InlineData("link")]
    [Trait("vector", "35")]
    public async Task Vector_35_a_thousand_swaps_and_never_the_wrong_file(string how)
    {
        const int runs = 1000;
        using LeashArea leash = new(Identity.Ordinary);
        string directory = leash.Area.Work;
        string tool = leash.Area.Write("tool", Genuine);
        leash.Area.Write("genuine", Genuine);
        leash.Area.Write("evil", Evil);
        foreach (string name in (string[])["tool", "genuine", "evil"])
        {
            File.SetUnixFileMode($"{directory}/{name}", (UnixFileMode)0b111_101_101);
        }

        leash.Configure(
            LeashArea.Entry("x", tool, $"integrity = ['{LeashArea.Hash(tool)}']")
            + $"[interpreters]\n'/bin/sh' = '{LeashArea.Hash("/bin/sh")}'\n");
        leash.Area.Own();
        using CancellationTokenSource over = new();
        int swaps = 0;
        Task swapper = Task.Run(() =>
        {
            while (!over.IsCancellationRequested)
            {
                Swap(how, directory, swaps % 2 == 0 ? "evil" : "genuine");
                Interlocked.Increment(ref swaps);
                Thread.Yield();
            }
        });
        int asked = 0;
        List<string> ran = [];
        int refused = 0;
        do
        {
            // On a busy machine the swapper is the slower one: as often as it takes.
            Outcome run = Programs.Run(
                Programs.Start(
                    [.. leash.Account.Prefix, leash.Program, "--config", leash.Configuration], leash.Area.Work,
                    leash.Area.Environment),
                Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("x\n", runs))), TimeSpan.FromMinutes(5));
            asked += runs;
            ran.AddRange(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            refused += run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
        }
        while (Volatile.Read(ref swaps) < runs && asked < 100 * runs);
        await over.CancelAsync();
        await swapper;
        Assert.All(ran, line => Assert.Equal("genuine", line));
        Assert.NotEmpty(ran);
        Assert.True(swaps >= runs, $"{swaps} swaps only");
        Assert.Equal(asked, ran.Count + refused);
    }

    [Fact]
    [Trait("vector", "34")]
    public void Vector_34_a_decoy_in_the_search_path_runs_for_no_hash()
    {
        using LeashArea leash = new(Identity.Ordinary);
        leash.Area.Write("decoy", Evil);
        File.SetUnixFileMode($"{leash.Area.Work}/decoy", (UnixFileMode)0b111_101_101);
        leash.Configure(LeashArea.Entry(
            "x", "decoy", $"env = ['PATH={leash.Area.Work}']\nintegrity = ['{LeashArea.Hash("/bin/echo")}']"));
        Outcome run = leash.Line("x");
        Assert.Equal(78, run.Status);
        Assert.Contains("'decoy' is not the whole path of a file", run.Errors, StringComparison.Ordinal);
    }

    private static void Swap(string how, string directory, string source)
    {
        string tool = $"{directory}/tool";
        string fresh = $"{directory}/fresh";
        switch (how)
        {
            case "rename":
                File.Copy($"{directory}/{source}", fresh, overwrite: true);
                File.Move(fresh, tool, overwrite: true);
                break;
            case "link":
                File.Delete(fresh);
                File.CreateSymbolicLink(fresh, $"{directory}/{source}");
                File.Move(fresh, tool, overwrite: true);
                break;
            default:
                // The same inode all the time, with the other content of the same or another length.
                using (FileStream file = new(tool, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
                {
                    byte[] content = File.ReadAllBytes($"{directory}/{source}");
                    file.Write(content);
                    file.SetLength(content.Length);
                }

                break;
        }
    }
}
