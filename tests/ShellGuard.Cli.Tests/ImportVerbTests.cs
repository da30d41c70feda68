using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ShellGuard.Cli.Tests;

public sealed class ImportVerbTests : IDisposable
{
    private const string Complete =
        "10 execve(\"/bin/cat\", [\"cat\", \"/etc/hosts\"], 0x7ffe /* 3 vars */) = 0\n10 brk(NULL) = 0x55\n"
        + "10 openat(AT_FDCWD, \"/etc/hosts\", O_RDONLY) = 3\n"
        + "10 openat(AT_FDCWD, \"/etc/shadow\", O_RDONLY) = -1 EACCES (Permission denied)\n"
        + "10 openat(AT_FDCWD, \"/etc/nothing\", O_RDONLY) = -1 ENOENT (No such file or directory)\n"
        + "10 openat(AT_FDCWD, \"/tmp/out\", O_WRONLY|O_CREAT|O_TRUNC, 0644) = 4\n"
        + "10 socket(AF_INET, SOCK_STREAM, 0) = 5\n"
        + "10 connect(5, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr(\"192.0.2.1\")}, 16) = 0\n"
        + "10 exit_group(0) = ?\n10 +++ exited with 0 +++\n";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sg-import-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void TheSummaryIsOneScreen()
    {
        string log = Write("x.strace", Complete);
        Ran ran = Ran.Line("import", log);
        Assert.Equal("", ran.Error);
        Assert.Equal(0, ran.Status);
        string[] lines = ran.Output.TrimEnd().Split('\n');
        Assert.Equal(
            [
                $"{log}: strace, 10 lines, {Complete.Length} bytes, sha256 {Hash(Encoding.UTF8.GetBytes(Complete))[..16]}",
                "coverage: complete",
                "executed: 1",
                "         1  /bin/cat",
                "changed: 1",
                "         2  /tmp/out  by cat",
                "connected: 1",
                "         1  192.0.2.1:80/tcp  by cat",
                "denied: 1",
                "         1  read /etc/shadow (EACCES)  by cat",
                "read: 1 path, 1 times",
                "probes: 1 path, 1 times",
                "-o FILE keeps all of it as evidence, --json prints it",
            ],
            lines);
    }

    [Fact]
    public void HoweverMuchWasRecordedTheSummaryIsOneScreen()
    {
        StringBuilder log = new(Complete);
        for (int index = 0; index < 300; index++)
        {
            log.Append(CultureInfo.InvariantCulture, $"{20 + index} execve(\"/usr/bin/tool{index}\", [\"tool\"], 0x7ff) = 0\n");
            log.Append(CultureInfo.InvariantCulture, $"{20 + index} mkdir(\"/srv/{new string('d', index)}\", 0755) = 0\n");
            log.Append(CultureInfo.InvariantCulture, $"{20 + index} mkdir(\"/denied/{index}\", 0755) = -1 EACCES (Permission denied)\n");
            log.Append(CultureInfo.InvariantCulture, $"{20 + index} setuid({index}) = 0\n{20 + index} what is this {index}\n");
            log.Append(CultureInfo.InvariantCulture, $"{20 + index} bind(3, {{sa_family=AF_INET, sin_port=htons({index + 1}), sin_addr=inet_addr(\"0.0.0.0\")}}, 16) = 0\n");
            log.Append(CultureInfo.InvariantCulture, $"{20 + index} connect(3, {{sa_family=AF_INET, sin_port=htons({index + 1}), sin_addr=inet_addr(\"192.0.2.1\")}}, 16) = 0\n");
            log.Append(CultureInfo.InvariantCulture, $"{20 + index} io_uring_setup(8, 0x7ff) = 5\n{20 + index} close(77 <unfinished ...>\n");
        }

        string[] rows = Ran.Line("import", Write("x.strace", log.ToString())).Output.TrimEnd('\n').Split('\n');
        Assert.True(rows.Length is > 16 and <= 22, string.Join('\n', rows));
        Assert.All(rows[2..^1], row => Assert.True(row.Length <= 100 || row.StartsWith("  ", StringComparison.Ordinal), row));
        foreach (string title in (string[])["executed: 301, ", "changed: 301, ", "connected: 301, ", "privileges: ", "denied: 301, ", "read: ", "probes: ", "not understood: "])
        {
            Assert.True(rows.Any(row => row.StartsWith(title, StringComparison.Ordinal)), $"{title}\n{string.Join('\n', rows)}");
        }
    }

    [Fact]
    public void WhatIsMissingIsSaidWithItsPlaceAndTheStatus()
    {
        string log = Write("x.strace", Complete + "what is this\n");
        Ran ran = Ran.Line("import", log);
        Assert.Equal(1, ran.Status);
        Assert.Contains("coverage: partial\n  1 line not understood; they are listed (", ran.Output, StringComparison.Ordinal);
        Assert.Contains($"{log}:11: what is this\n", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void WhereNothingCanBeLearntTheStatusIsTwo()
    {
        string log = Write("x.strace", "% time     seconds  usecs/call     calls    errors syscall\n100.00    0.000017           2         8         1 total\n");
        Ran ran = Ran.Line("import", log);
        Assert.Equal(2, ran.Status);
        Assert.Contains("coverage: failed\n  only a table of counts was recorded", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void ALogCannotActOnTheTerminal()
    {
        byte[] log = [.. "10 openat(AT_FDCWD, \"/a\\33]0;evil\\7\u202eb"u8, 0xff, .. "\", O_WRONLY) = 3\n\u001b[2J\u0007evil\n"u8];
        string path = Path.Combine(_directory.FullName, "x\u001b[2J");
        File.WriteAllBytes(path, log);
        Ran ran = Ran.Line("import", path);
        Assert.Equal(1, ran.Status);
        Assert.Contains("/a\\x1b]0;evil\\x07\\u{202e}b\\xff", ran.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(ran.Output, letter => char.IsControl(letter) && letter != '\n');
        Ran missing = Ran.Line("import", path + "y");
        Assert.DoesNotContain(missing.Error, letter => char.IsControl(letter) && letter != '\n');
    }

    [Theory]
    [InlineData("x", "Dear diary\n", "is no recording that is known here (strace, perf, a tool of bcc, libbpf-tools or bpftrace, or a journal of ours); name its format with --format")]
    [InlineData("x", "", "is empty")]
    [InlineData("x", "\u007fELF", "is no recording that is known here")]
    public void WhatIsNoRecordingIsOneLine(string name, string content, string expected)
    {
        Ran ran = Ran.Line("import", Write(name, content));
        Assert.Equal(125, ran.Status);
        Assert.Equal("", ran.Output);
        Assert.StartsWith("shellguard: ", ran.Error, StringComparison.Ordinal);
        Assert.Contains(expected, ran.Error, StringComparison.Ordinal);
        Assert.Equal(1, ran.Error.Count(letter => letter == '\n'));
    }

    /// <summary>As a recording is whose recorder was killed before a whole block of it was written.</summary>
    [Fact]
    public void APackedRecordingThatIsCutBeforeAnythingIsKnownIsSaidToBeCut()
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionMode.Compress))
        {
            gzip.Write(Encoding.ASCII.GetBytes(string.Join('\n', Enumerable.Range(1, 1000).Select(number => $"{number * 7919}"))));
        }

        string log = Path.Combine(_directory.FullName, "x.gz");
        File.WriteAllBytes(log, packed.ToArray()[..500]);
        Ran ran = Ran.Line("import", log);
        Assert.Equal(125, ran.Status);
        Assert.Equal($"shellguard: {log} is cut off or damaged, and nothing before that is known here; name its format with --format\n", ran.Error);
    }

    [Theory]
    [InlineData("import", "import needs FILE... or --session SESSION")]
    [InlineData("import --format perl x", "there is no format 'perl'; there are strace, ebpf, bpftrace-json")]
    [InlineData("import -x", "unknown option -x")]
    [InlineData("import /nowhere/x", "/nowhere/x is not there")]
    public void AMistakeInTheCallIsOneLine(string line, string expected)
    {
        Ran ran = Ran.Line(line.Split(' '));
        Assert.Equal(125, ran.Status);
        Assert.Contains(expected, ran.Error, StringComparison.Ordinal);
        Assert.Equal(1, ran.Error.Count(letter => letter == '\n'));
    }

    [Fact]
    public void EvidenceIsCompleteHashedAndNotWrittenOver()
    {
        string log = Write("x.strace", Complete), evidence = Path.Combine(_directory.FullName, "x.audit");
        Ran ran = Ran.Line("import", log, "-o", evidence);
        Assert.Equal(0, ran.Status);
        Assert.EndsWith($"all of it is in {evidence}\n", ran.Output, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(evidence));

        byte[] bytes = File.ReadAllBytes(evidence);
        int last = bytes.AsSpan(0, bytes.Length - 1).LastIndexOf((byte)'\n') + 1;
        using JsonDocument end = JsonDocument.Parse(bytes.AsMemory(last));
        Assert.Equal(Hash(bytes[..last]), end.RootElement.GetProperty("sha256").GetString());
        Assert.Equal(bytes.Count(value => value == '\n') - 1, end.RootElement.GetProperty("end").GetInt32());
        using JsonDocument head = JsonDocument.Parse(bytes.AsMemory(0, bytes.AsSpan().IndexOf((byte)'\n')));
        Assert.Equal(
            Hash(Encoding.UTF8.GetBytes(Complete)), head.RootElement.GetProperty("inputs")[0].GetProperty("sha256").GetString());

        Ran again = Ran.Line("import", log, "-o", evidence);
        Assert.Equal(125, again.Status);
        Assert.Contains("is there already, and evidence is not written over", again.Error, StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(evidence));

        string other = evidence + "2";
        Ran.Line("import", log, "-o", other);
        Assert.Equal(bytes, File.ReadAllBytes(other));
    }

    [Fact]
    public void WhereTheImportFailsNoEvidenceIsLeft()
    {
        string evidence = Path.Combine(_directory.FullName, "x.audit");
        Assert.Equal(125, Ran.Line("import", "/nowhere/x", "-o", evidence).Status);
        Assert.False(File.Exists(evidence));
    }

    private string Write(string name, string content)
    {
        string path = Path.Combine(_directory.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }

    private static string Hash(byte[] bytes) => Convert.ToHexString(SHA256.HashData(bytes)).ToLowerInvariant();
}
