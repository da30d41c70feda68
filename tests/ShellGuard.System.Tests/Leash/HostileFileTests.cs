using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Leash;

/// <summary>What lies where a pipeline runs. Each has a canary, and the same files without the leash's care show that the
/// canary would sing.</summary>
public sealed class HostileFileTests
{
    [Theory]
    [BothIdentities]
    [Trait("vector", "70")]
    public void Vector_70_a_repository_that_runs_programs_runs_none(Identity identity)
    {
        using LeashArea leash = new(identity);
        string canary = $"{leash.Area.Work}/canary";
        string repository = $"{leash.Area.Work}/repository";
        string script = leash.Write("script", $"#!/bin/sh\n/usr/bin/touch {canary}\n", 0b111_101_101);
        leash.Area.OutsideShell(
            $"git init -q {repository} && cd {repository} && echo a > f && git -c user.name=a -c user.email=a@b add f"
            + " && git -c user.name=a -c user.email=a@b commit -qm a && echo b > f"
            + $" && git config core.fsmonitor {script} && git config core.pager {script} && git config diff.external {script}"
            + $" && git config alias.st '!{script}' && git config core.editor {script}").Succeed();
        string[] commands = ["status", "diff", "log -p", "st"];
        string held = $"cwd = '{repository}'\nnoexec = true";
        leash.Configure(string.Concat(commands.Select(command =>
            LeashArea.Entry($"{command}", $"/usr/bin/git {command}")
            + LeashArea.Entry($"{command} there", $"/usr/bin/git {command}", held)
            + LeashArea.Entry($"{command} free", $"/usr/bin/git {command}", $"cwd = '{repository}'"))));
        foreach (string command in commands)
        {
            // By default it runs where no repository is, whatever directory the person is in.
            Run(leash, repository, command);
            Assert.False(File.Exists(canary), $"git {command} at the root started a program");
            Run(leash, repository, $"{command} there");
            Assert.False(File.Exists(canary), $"git {command} with noexec started a program");
        }

        Run(leash, repository, "status free");
        Assert.True(File.Exists(canary), "the repository is not hostile enough");
        File.Delete(canary);
        Run(leash, repository, "diff free");
        Assert.True(File.Exists(canary), "the repository is not hostile enough for git diff");
    }

    [Theory]
    [BothIdentities]
    [Trait("vector", "71")]
    public void Vector_71_names_of_files_are_no_options(Identity identity)
    {
        using LeashArea leash = new(identity);
        string canary = $"{leash.Area.Work}/canary";
        string place = Directory.CreateDirectory($"{leash.Area.Work}/place").FullName;
        leash.Area.Write("place/a", "a");
        leash.Area.Write("place/--checkpoint=1", "");
        leash.Area.Write("place/--checkpoint-action=exec=sh x.sh", "");
        leash.Area.Write("place/x.sh", $"touch {canary}\n");
        string tar = $"/bin/tar -cf {leash.Area.Work}/x.tar *";
        leash.Configure(LeashArea.Entry("tar", tar, $"cwd = '{place}'"));
        Outcome run = leash.Line("tar");
        Assert.Contains("tar: *: Cannot stat", run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(canary));

        // A shell expands the star, and then the names are options.
        leash.Area.OutsideShell($"cd {place} && {tar}");
        Assert.True(File.Exists(canary), "the names are not hostile enough");
    }

    private static void Run(LeashArea leash, string directory, string line)
    {
        leash.Area.Own();
        Programs.Run(
            Programs.Start(
                [.. leash.Account.Prefix, leash.Program, "--config", leash.Configuration, "-c", line], directory,
                leash.Area.Environment),
            null);
    }
}
