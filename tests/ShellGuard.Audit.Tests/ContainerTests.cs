using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Import;

namespace ShellGuard.Audit.Tests;

/// <summary>How a log comes: packed, put together, one file a thread, as a pipe, cut off.</summary>
public sealed class ContainerTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sg-import-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void A_gzip_file_is_unpacked_and_hashed_as_it_lies_there()
    {
        byte[] packed = Gzip("10 openat(AT_FDCWD, \"/a\", O_RDONLY) = 3\n");
        ImportResult result = Run(Write("x.gz", packed));
        Assert.Equal(["Read /a"], result.Accesses());
        Assert.Equal(Convert.ToHexString(SHA256.HashData(packed)).ToLowerInvariant(), Assert.Single(result.Inputs).Sha256);
        Assert.Equal(packed.Length, result.Inputs[0].Bytes);
    }

    [Fact]
    public void Gzip_files_put_together_are_one_log()
    {
        byte[] packed = [.. Gzip("10 openat(AT_FDCWD, \"/a\", O_RDONLY) = 3\n"), .. Gzip("10 openat(AT_FDCWD, \"/b\", O_RDONLY) = 3\n")];
        Assert.Equal(["Read /a", "Read /b"], Run(Write("x.gz", packed)).Accesses());
    }

    [Fact]
    public void A_gzip_file_that_is_cut_off_gives_what_it_has()
    {
        byte[] packed = Gzip(string.Concat(Enumerable.Range(0, 5000).Select(
            number => $"10 openat(AT_FDCWD, \"/a{number * 7919 % 5000}\", O_RDONLY) = 3\n")));
        ImportResult result = Run(Write("x.gz", packed[..(packed.Length / 2)]));
        Assert.InRange(result.Accesses.Count, 100, 4900);
        Assert.Equal(CoverageState.Partial, result.Coverage.State);
        Assert.Contains(result.Coverage.Reasons, reason => reason.Problem == CoverageProblem.CutInput);
    }

    [Theory]
    [InlineData(new byte[] { 0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x00 }, "zstd -dc")]
    [InlineData(new byte[] { 0x42, 0x5a, 0x68, 0x39, 0x31, 0x41 }, "bzip2 -dc")]
    public void Other_packings_are_refused_with_the_way_on(byte[] content, string command)
    {
        string path = Write("x", content);
        ImportException failure = Assert.Throws<ImportException>(() => Run(path));
        Assert.Equal($"{path} is packed in a way that is not read here: {command} {path} | shellguard import -", failure.Message);
    }

    [Fact]
    public void Logs_put_together_are_read_one_after_the_other()
    {
        const string log =
            "10 execve(\"/bin/a\", [\"a\"], 0x7ffe /* 1 var */) = 0\n10 openat(AT_FDCWD, \"/a\", O_RDONLY) = 3\n10 +++ exited with 0 +++\n";
        ImportResult result = Recording.Of(Encoding.UTF8.GetBytes(log + log.Replace("/bin/a", "/bin/b", StringComparison.Ordinal)));
        Assert.Equal(
            ["/bin/a: Read /a", "/bin/b: Read /a", ": Execute /bin/a", ": Execute /bin/b"], result.WithPrograms());
        Assert.Equal([1, 2, 1, 2], result.Accesses.Select(seen => seen.Access.Chain[0].Generation));
    }

    [Fact]
    public void Files_of_several_runs_are_counted_together_and_told_apart()
    {
        string first = Write("one", "10 openat(AT_FDCWD, \"/a\", O_RDONLY) = 3\n");
        string second = Write("two", "10 openat(AT_FDCWD, \"/a\", O_RDONLY) = 3\n10 openat(AT_FDCWD, \"/b\", O_RDONLY) = 3\n");
        ImportResult result = Run(first, second);
        Assert.Equal([2L, 1L], result.Accesses.Select(seen => seen.Count));
        Assert.Equal([(0, 1L), (1, 2L)], result.Accesses.Select(seen => (seen.Origin.Input, seen.Origin.Line)));
    }

    [Fact]
    public void A_directory_has_one_file_for_each_thread()
    {
        string directory = Path.Combine(_directory.FullName, "ff");
        Directory.CreateDirectory(directory);
        Write("ff/log.900", "execve(\"/bin/sh\", [\"sh\"], 0x7ffe /* 1 var */) = 0\nbrk(NULL) = 0x55\nchdir(\"/w\") = 0\n"
            + "clone(child_stack=NULL, flags=SIGCHLD) = 100\nexit_group(0) = ?\n+++ exited with 0 +++\n");
        Write("ff/log.100", "openat(AT_FDCWD, \"x\", O_RDONLY) = 3\nvfork() = 101\n+++ exited with 0 +++\n");
        Write("ff/log.101.gz", Gzip("execve(\"/bin/date\", [\"date\"], 0x7ffe /* 1 var */) = 0\n"
            + "openat(AT_FDCWD, \"y\", O_RDONLY) = 3\n+++ exited with 0 +++\n"));
        Write("ff/README", "not a log\n");
        foreach (ImportResult result in (ImportResult[])[Run(directory), Run([.. Directory.GetFiles(directory, "log.*")])])
        {
            Assert.Equal(
                ["/bin/sh[100] < /bin/sh[900]", "/bin/date[101] < /bin/sh[100] < /bin/sh[900]"],
                result.Accesses.Where(seen => seen.Access.Target is "/w/x" or "/w/y").Select(Recording.Chain));
            Assert.Equal(CoverageState.Complete, result.Coverage.State);
            Assert.Equal(3, result.Inputs.Count);
        }
    }

    [Fact]
    public void A_thread_that_executes_goes_on_in_the_leaders_file()
    {
        Write("t.50", "execve(\"/bin/sh\", [\"sh\"], 0x7ffe /* 1 var */) = 0\nbrk(NULL) = 0x55\n"
            + "clone3({flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD}, 88) = 51\n"
            + "+++ superseded by execve in pid 51 +++\n<... execve resumed>) = 0\nopenat(AT_FDCWD, \"/x\", O_RDONLY) = 3\n+++ exited with 0 +++\n");
        Write("t.51", "execve(\"/bin/new\", [\"new\"], 0x7ffe /* 1 var */ <pid changed to 50 ...>\n");
        ImportResult result = Run(_directory.FullName);
        Assert.Equal("/bin/new[50]", result.Accesses.Single(seen => seen.Access.Target == "/x").Chain());
        Assert.DoesNotContain(result.Coverage.Reasons, reason => reason.Problem == CoverageProblem.UnpairedCalls);
    }

    [Fact]
    public void A_number_that_was_used_again_took_the_former_ones_file()
    {
        Write("t.50", "execve(\"/bin/sh\", [\"sh\"], 0x7ffe /* 1 var */) = 0\nfork() = 51\nfork() = 51\n+++ exited with 0 +++\n");
        Write("t.51", "openat(AT_FDCWD, \"/x\", O_RDONLY) = 3\n+++ exited with 0 +++\n");
        Assert.Contains(Run(_directory.FullName).Coverage.Reasons, reason => reason.Problem == CoverageProblem.OverwrittenFiles);
    }

    [Fact]
    public void Two_files_of_one_thread_are_refused_and_both_named()
    {
        string first = Write("trace.17", "getpid() = 17\n"), packed = Write("trace.17.gz", Gzip("getpid() = 17\n")), zero = Write("trace.017", "getpid() = 17\n");
        ImportException failure = Assert.Throws<ImportException>(() => Run(first, packed));
        Assert.Equal($"{first} and {packed} are of the same thread; leave one of them out", failure.Message);
        Assert.Contains(zero, Assert.Throws<ImportException>(() => Run(first, zero)).Message, StringComparison.Ordinal);
        Assert.Contains("of the same thread", Assert.Throws<ImportException>(() => Run(_directory.FullName)).Message, StringComparison.Ordinal);
        Assert.Single(Run(first, first).Inputs);
    }

    [Fact]
    public void A_pipe_in_a_directory_is_not_waited_for()
    {
        Write("trace.17", "getpid() = 17\n");
        string pipe = Path.Combine(_directory.FullName, "trace.18");
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start("mkfifo", pipe);
        process.WaitForExit();
        Assert.Equal($"{pipe} is no file; remove it, or name the files themselves", Assert.Throws<ImportException>(() => Run(_directory.FullName)).Message);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("Dear diary\n", "is no recording that is known here")]
    public void What_is_no_recording_is_refused_in_one_line(string content, string expected)
    {
        string path = Write("x", content);
        ImportException failure = Assert.Throws<ImportException>(() => Run(path));
        Assert.StartsWith(path, failure.Message, StringComparison.Ordinal);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public void What_is_not_there_is_said() =>
        Assert.Equal("/nowhere/x is not there", Assert.Throws<ImportException>(() => Run("/nowhere/x")).Message);

    [Fact]
    public void A_directory_without_logs_is_refused() =>
        Assert.Contains("no files of strace -ff", Assert.Throws<ImportException>(() => Run(_directory.FullName)).Message, StringComparison.Ordinal);

    [Fact]
    public void An_interrupt_keeps_what_was_read()
    {
        using CancellationTokenSource stop = new();
        string path = Write("x", string.Concat(Enumerable.Range(0, 50_000).Select(number => $"10 openat(AT_FDCWD, \"/a{number}\", O_RDONLY) = 3\n")));
        ImportResult result = Importer.Run(new ImportOptions([path]) { Progress = _ => stop.Cancel() }, stop.Token);
        Assert.InRange(result.Accesses.Count, 1, 49_999);
        Assert.Contains(result.Coverage.Reasons, reason => reason.Problem == CoverageProblem.Interrupted);
        Assert.Null(Assert.Single(result.Inputs).Sha256);
    }

    [Fact]
    public void A_line_that_is_too_long_is_cut_and_the_rest_goes_on()
    {
        byte[] huge = new byte[LineReader.MaxLine + 1000];
        huge.AsSpan().Fill((byte)'a');
        byte[] log = [.. "10 openat(AT_FDCWD, \"/a\", O_RDONLY) = 3\n"u8, .. huge, .. "\n10 openat(AT_FDCWD, \"/b\", O_RDONLY) = 3\n"u8];
        ImportResult result = Recording.Of(log);
        Assert.Equal(["Read /a", "Read /b"], result.Accesses());
        Assert.Equal(3, result.Lines.Total);
        Assert.Equal(1, result.Lines[LineKind.Unknown]);
    }

    private static ImportResult Run(params string[] paths) => Importer.Run(new ImportOptions(paths), CancellationToken.None);

    private string Write(string name, string content) => Write(name, Encoding.UTF8.GetBytes(content));

    private string Write(string name, byte[] content)
    {
        string path = Path.Combine(_directory.FullName, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    private static byte[] Gzip(string text)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionMode.Compress))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }
}
