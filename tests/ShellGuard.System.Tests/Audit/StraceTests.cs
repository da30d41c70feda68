using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Audit;

/// <summary>What strace writes here about real programs is understood whole, with whichever options.</summary>
public sealed class StraceTests
{
    private static readonly string[] Expected =
    [
        "change-attributes made/moved success", "connect 127.0.0.1:9/tcp failed", "connect made/served success",
        "bind made/served success", "listen made/served success",
        "create copy success", "create counted success", "create kept success", "create made success",
        "create made/hard success", "create made/soft success", "create threaded success",
        "delete made/hard success", "read kept success", "read made/missing absent", "read made/moved success",
        "rename copy success", "write copy success", "write counted success", "write kept success", "write threaded success",
    ];

    [Theory, BothIdentities]
    public void Whatever_the_options_the_accesses_are_the_same(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("script", AccessScript.Text);
        string[][] options =
        [
            ["-f", "-yy", "-s", "65535"], ["-f", "-s", "65535"], ["-f", "-y", "-tt", "-T", "-s", "65535"],
            ["-f", "-ttt", "-r", "-i", "-n", "-C", "-s", "65535"], ["-f", "-X", "raw", "-s", "65535"],
            ["-f", "-X", "verbose", "-yy", "-s", "65535"], ["-f", "-xx", "-yy", "-s", "65535"], ["-f", "-v", "-Y", "-s", "65535"],
            ["-f", "--seccomp-bpf", "-yy", "-s", "65535", "-e", "trace=%file,%desc,%process,%network,%creds"],
        ];
        foreach (string[] flags in options)
        {
            Clean(area);
            area.Outside(["strace", "-q", "-o", $"{area.Root}/home/log", .. flags, "bash", "script"]).Succeed();
            Check(area, $"{area.Root}/home/log", string.Join(' ', flags), isWhole: flags.Any(flag => flag is "-y" or "-yy"));
        }

        Clean(area);
        string directory = $"{area.Root}/home/ff";
        Directory.CreateDirectory(directory);
        area.Outside("strace", "-ff", "-yy", "-s", "65535", "-o", $"{directory}/log", "bash", "script").Succeed();
        Check(area, directory, "-ff", isWhole: true);
    }

    [Theory, BothIdentities]
    public void What_strace_writes_between_the_programs_own_lines_is_found(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("script", AccessScript.Text);
        Outcome outcome = area.OutsideShell("strace -f -yy -s 65535 bash script 2> $HOME/log");
        Assert.Equal(0, outcome.Status);
        Check(area, $"{area.Root}/home/log", "stderr", isWhole: true);
    }

    [Theory, BothIdentities]
    public void An_interrupt_keeps_what_was_read(Identity identity)
    {
        using TestArea area = new(identity);
        string evidence = $"{area.Home}/evidence";
        using Process import = area.StartOutside(NativeBinary.Path, "import", "-", "-o", evidence);

        // More than a pipe and the reader's buffer hold: when all of it is written, most of it was read.
        Stream input = import.StandardInput.BaseStream;
        input.Write(Encoding.ASCII.GetBytes(string.Concat(
            Enumerable.Range(0, 20_000).Select(number => $"10 openat(AT_FDCWD, \"/a{number}\", O_RDONLY) = 3\n"))));
        input.Flush();
        string pid = area.Account.Prefix.Count == 0
            ? $"{import.Id}"
            : Programs.Run("pgrep", "-f", $"^{NativeBinary.Path} import - -o {evidence}").Output.Trim().Split('\n')[^1];
        Programs.Run("kill", "-INT", pid).Succeed();
        try
        {
            // It looks whether to stop every few thousand lines.
            byte[] more = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("10 getpid() = 10\n", 100)));
            for (int i = 0; i < 10_000; i++)
            {
                input.Write(more);
            }

            Assert.Fail("it reads on after an interrupt");
        }
        catch (IOException)
        {
            // It stopped reading, as it should.
        }

        string output = import.StandardOutput.ReadToEnd();
        import.WaitForExit();
        Assert.Equal(130, import.ExitCode);
        Assert.Contains("it was interrupted; what was seen until then is kept", output, StringComparison.Ordinal);
        Assert.Contains("\"/a1000\"", File.ReadAllText(evidence), StringComparison.Ordinal);
    }

    private static void Clean(TestArea area)
    {
        foreach (string entry in Directory.GetFileSystemEntries(area.Work).Where(entry => !entry.EndsWith("/script", StringComparison.Ordinal)))
        {
            Programs.Run("rm", "-rf", entry).Succeed();
        }
    }

    private static void Check(TestArea area, string log, string what, bool isWhole)
    {
        Outcome import = area.Outside(NativeBinary.Path, "import", "--json", log);
        Assert.True(import.Status is 0 or 1, $"{what}: {import.Errors}");
        List<JsonElement> lines = [.. import.Output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement.Clone())];
        Assert.True(lines[0].GetProperty("unknownLines").GetArrayLength() == 0, $"{what}: {lines[0]}");
        IEnumerable<string> problems = lines[0].GetProperty("coverage").GetProperty("reasons").EnumerateArray()
            .Select(reason => reason.GetProperty("problem").GetString()!);
        Assert.True(
            problems.All(problem => !isWhole && problem is "unresolved-paths"), $"{what}: {lines[0]}");
        HashSet<string> seen =
        [
            .. lines.Where(line => line.TryGetProperty("target", out _)).Select(line =>
                $"{line.GetProperty("operationName").GetString()} {Short(area, line.GetProperty("target").GetString()!)} {line.GetProperty("outcomeName").GetString()}"),
        ];
        Assert.True(Expected.All(seen.Contains), $"{what}: missing: {string.Join("; ", Expected.Where(access => !seen.Contains(access)))}");
        Assert.Contains(lines, line => line.TryGetProperty("operationName", out JsonElement name)
            && name.GetString() == "map-executable" && line.GetProperty("target").GetString()!.Contains("libc", StringComparison.Ordinal));
    }

    /// <summary>Paths of the working directory by what comes behind it, also where the log does not tell that one.
    /// </summary>
    private static string Short(TestArea area, string target) =>
        target.StartsWith(area.Work + "/", StringComparison.Ordinal) ? target[(area.Work.Length + 1)..] : target;
}
