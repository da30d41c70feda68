using System.Diagnostics;
using System.Text.Json;
using ShellGuard.Cells.Sessions;

namespace ShellGuard.Cli.Tests;

/// <summary>The executable with real cells.</summary>
public sealed class RealSessionTests : IDisposable
{
    private readonly string _work = Directory.CreateTempSubdirectory("shellguard-real-").FullName;
    private readonly SessionFixture _fixture = new();

    public void Dispose()
    {
        _fixture.Dispose();
        Directory.Delete(_work, recursive: true);
    }

    [Fact]
    public void WithoutChangesOnlyTheJournalStays()
    {
        (int status, string output) = Run("run -- true");
        Assert.True(status == 0, output);
        StoredSession session = Assert.Single(SessionCatalog.Open(_fixture.State, Linux.Calls.FileMetadata.EffectiveUser).Sessions);
        Assert.Empty(session.LayerDirectories);
        Assert.Equal(0, Ran.Line("log", "verify").Status);
    }

    [Fact]
    public void ChangesWaitAndAreCommitted()
    {
        (int status, string output) = Run("run -- sh -c 'echo hello > made; exit 7'");
        Assert.Equal(7, status);
        Assert.Equal("", output);
        Assert.False(File.Exists($"{_work}/made"));
        Assert.Equal(0, Ran.Line("commit").Status);
        Assert.Equal("hello\n", File.ReadAllText($"{_work}/made"));
    }

    [Fact]
    public void ACommandThatIsNotThereLeavesAClosedJournal()
    {
        (int status, string output) = Run("run -- no-such-command");
        Assert.Equal(127, status);
        Assert.Equal("shellguard: no-such-command: not found in the cell\n", output);
        Assert.Equal(0, Ran.Line("log", "verify").Status);
        Assert.Contains("ends with status 127", Ran.Line("log").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void OnATerminalTheEndSaysWhatToDecide()
    {
        string inner = $"{Executable} run -- sh -c 'echo hello > made'";
        (int status, string output) = Shell($"TERM=xterm script -qec \"{inner}\" /dev/null < /dev/null");
        Assert.Equal(0, status);
        Assert.Contains("left 1 change to decide on", output, StringComparison.Ordinal);
        Assert.Contains("A  made", output, StringComparison.Ordinal);
        Assert.Contains("shellguard commit", output, StringComparison.Ordinal);

        // The keypad stays as it was: .NET's own console would switch it.
        Assert.DoesNotContain("\e[?1h", output, StringComparison.Ordinal);
    }

    /// <summary>A shell writes its history at its end, which the default policy hides: nobody has to decide on that, and
    /// commit means the session before.</summary>
    [Fact]
    public void WhatThePolicyHidesIsNothingToDecide()
    {
        Assert.Equal(0, Run("run -- sh -c 'echo hello > made'").Status);
        string inner = $"HOME={_work} {Executable} run -- sh -c 'echo ls > {_work}/.bash_history'";
        (int status, string output) = Shell($"TERM=xterm script -qec \"{inner}\" /dev/null < /dev/null");
        Assert.Equal(0, status);
        Assert.Contains($"for the policy hides what is there: {_work}/.bash_history", output, StringComparison.Ordinal);
        Assert.DoesNotContain("to decide on", output, StringComparison.Ordinal);
        Assert.Contains("made", Run("diff").Output, StringComparison.Ordinal);
        Assert.Equal(0, Ran.Line("commit").Status);
        Assert.Equal("hello\n", File.ReadAllText($"{_work}/made"));
        Assert.Contains("no session has changes to decide on", Run("diff").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void AJournalWithoutItsRecordsIsSaid()
    {
        string session = _fixture.Add();
        File.WriteAllText(SessionFiles.Journal($"{_fixture.State}/sessions/{session}"), "");
        (int status, string output) = Run("log");
        Assert.Equal(1, status);
        Assert.Contains("is empty: what stood in it is gone", output, StringComparison.Ordinal);
    }

    [Fact]
    public void ColoursAreForTerminalsThatWantThem()
    {
        _fixture.Add(change: upper => File.WriteAllText($"{upper}/a", ""));
        string inner = $"{Executable} diff";
        Assert.Contains("\e[32m", Shell($"unset NO_COLOR; TERM=xterm script -qec '{inner}' /dev/null < /dev/null").Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\e[", Shell($"NO_COLOR=1 TERM=xterm script -qec '{inner}' /dev/null < /dev/null").Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\e[", Shell($"unset NO_COLOR; TERM=xterm {inner} | cat").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void AConflictIsAskedAboutOnATerminal()
    {
        _fixture.Add(
            host => File.WriteAllText($"{host}/one", "old\n"),
            upper => File.WriteAllText($"{upper}/one", "mine\n"));
        Thread.Sleep(30);
        File.WriteAllText($"{_fixture.Host}/one", "theirs\n");
        (int status, string output) = Shell($"(sleep 1; echo m; sleep 1) | TERM=xterm script -qec '{Executable} commit' /dev/null");
        Assert.True(status == 0, output);
        Assert.Contains("-theirs", output, StringComparison.Ordinal);
        Assert.Contains("+mine", output, StringComparison.Ordinal);
        Assert.Equal("mine\n", File.ReadAllText($"{_fixture.Host}/one"));
    }

    [Theory]
    [InlineData("sed -i s/^a$/mine/ one")]
    [InlineData("sed s/^a$/mine/ one > /tmp/x; cat /tmp/x > one")]
    public void WhatTheHostChangesWhileTheSessionRunsIsSeenFromThreeSides(string change)
    {
        File.WriteAllText($"{_work}/one", "a\nb\nc\nd\ne\nf\ng\nh\n");
        Thread.Sleep(30);

        // The cell waits for its input; the host changes the file when it is kept, and then lets the cell go on.
        string kept = $"timeout 60 sh -c 'until grep -qs one {_fixture.State}/sessions/*/layers/*/base/index; do sleep 0.05; done'";
        (int status, string output) = Shell(
            $"{{ {kept} && sed -i s/^h$/theirs/ one; echo; }} | {Executable} run -- sh -c '{change}; read go'");
        Assert.True(status == 0, output);

        (status, output) = Run("commit");
        Assert.Equal(1, status);
        Assert.Contains("-h\n+theirs\nwhat the session changed:\n", output, StringComparison.Ordinal);
        Assert.Contains("-a\n+mine\n", output, StringComparison.Ordinal);
        (status, output) = Run("commit --json");
        Assert.Equal(1, status);
        JsonElement seen = JsonDocument.Parse(output).RootElement.GetProperty("entries")[0].GetProperty("threeWay")[0];
        Assert.Contains("+theirs", seen.GetProperty("hostChanges").GetString(), StringComparison.Ordinal);
        Assert.Contains("+mine", seen.GetProperty("sessionChanges").GetString(), StringComparison.Ordinal);
        Assert.Contains(@"\u002Bmine", Run("diff --json").Output, StringComparison.Ordinal);

        string coloured = Shell($"unset NO_COLOR; TERM=xterm script -qec '{Executable} commit' /dev/null < /dev/null").Output;
        Assert.Contains("\e[31m-h\e[0m", coloured, StringComparison.Ordinal);
        Assert.Contains("\e[32m+theirs\e[0m", coloured, StringComparison.Ordinal);
        Assert.DoesNotContain("\e[31m", Shell($"TERM=xterm NO_COLOR=1 script -qec '{Executable} commit' /dev/null < /dev/null").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void AReaderThatIsGoneEndsUsQuietlyAndAFullDiskDoesNot()
    {
        _fixture.Add();
        Assert.Equal((141, ""), Shell($"mkfifo p; sh -c 'exec 3<p' & {{ {Executable} log; echo $? > status; }} > p; exit $(cat status)"));
        (int status, string output) = Shell($"{Executable} log > /dev/full");
        Assert.Equal(125, status);
        Assert.Equal("shellguard: standard output cannot be written: ENOSPC\n", output);
    }

    private static string Executable => Path.Combine(AppContext.BaseDirectory, "shellguard");

    /// <summary>A signal that ended the command ends the tracer as well, and what that made for docker's client is gone then.
    /// Needs root, as following a daemon's container does.</summary>
    [Fact]
    public void TheIdentifierOfAContainerIsNotLeftWhereASignalEndsTheTrace()
    {
        File.WriteAllText($"{_work}/docker", "#!/bin/sh\necho 0123456789abcdef > \"$3\"\nkill -TERM $$\n");
        File.SetUnixFileMode($"{_work}/docker", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        (int status, string output) = Shell($"PATH={_work}:$PATH {Executable} trace -q --container -o {_work}/x.audit -- docker run img");
        Assert.True(status == 128 + 15, output);
        Assert.Empty(Directory.GetFileSystemEntries(_fixture.State, ".container-*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }));
    }

    [Fact]
    public void WhereEveryByteOfTheOutputCountsANumberDoes()
    {
        File.WriteAllText($"{_work}/p.toml", "[files]\nread-only = [\"/etc/hostname\"]\n");
        (int status, string output) = Run("verify --free ./p.toml -- date +%N");
        Assert.True(status == 0, output);
        (status, output) = Run("verify --free --exact-output ./p.toml -- date +%N");
        Assert.Equal(1, status);
        Assert.Contains("output differs at byte ", output, StringComparison.Ordinal);
        Assert.Equal(0, Run("verify --free --exact-output ./p.toml -- echo 1").Status);
        Assert.Contains("--exact-output needs --free or --expect-output FILE", Run("verify --exact-output ./p.toml -- true").Output, StringComparison.Ordinal);
    }

    private (int Status, string Output) Run(string arguments) => Shell($"{Executable} {arguments} < /dev/null");

    private (int Status, string Output) Shell(string line)
    {
        ProcessStartInfo start = new("/bin/sh", ["-c", $"exec 2>&1; {line}"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = _work,
        };
        start.Environment["SHELLGUARD_STATE"] = _fixture.State;
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
