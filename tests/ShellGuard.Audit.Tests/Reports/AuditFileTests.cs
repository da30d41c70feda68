using System.Security.Cryptography;
using System.Text;
using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Reports;

namespace ShellGuard.Audit.Tests.Reports;

/// <summary>The audit file: what was written comes back, and what was touched is refused with its line.</summary>
public sealed class AuditFileTests
{
    private static readonly string[] Log =
    [
        "10 execve(\"/bin/sh\", [\"sh\", \"-c\", \"x\\\\y\"], 0x7ffe /* 3 vars */) = 0",
        "10 brk(NULL) = 0x55",
        "10 setuid(33) = 0",
        "10 clone(child_stack=NULL, flags=SIGCHLD) = 11",
        "11 openat(AT_FDCWD, \"/etc/\\377\\33[2J\\303\\244\", O_RDWR|O_CREAT, 0644) = 4",
        "11 rename(\"/etc/a\", \"/etc/b\") = -1 EACCES (Permission denied)",
        "11 openat(AT_FDCWD, \"nowhere\", O_RDONLY) = -1 ENOENT (No such file or directory)",
        "11 execve(\"/bin/cat\", [\"cat\", \"/etc/hosts\"], 0x7ffe /* 3 vars */) = 0",
        "11 openat(AT_FDCWD, \"/etc/hosts\", O_RDONLY) = 3",
        "11 exit_group(0) = ?",
        "11 +++ exited with 0 +++",
        "10 what is this",
    ];

    [Fact]
    public void What_was_written_comes_back_and_is_written_again_byte_for_byte()
    {
        ImportResult written = Recording.Of(Log);
        byte[] bytes = Write(written);
        AuditFileResult read = Read(bytes);
        Assert.Empty(read.Problems);
        Assert.Equal(bytes, Write(read.File!.Result));
        Assert.Equal("0.0-test", read.File.Version);
        Assert.Equal(written.Accesses(), read.File.Result.Accesses());
        Assert.Equal(written.WithPrograms(), read.File.Result.WithPrograms());
        Assert.Equal(written.Accesses.Select(Recording.Chain), read.File.Result.Accesses.Select(Recording.Chain));
        Assert.Equal(CoverageState.Partial, read.File.Result.Coverage.State);
        Assert.Equal(12, read.File.Result.Lines.Total);
        Assert.Equal("10 what is this", Encoding.UTF8.GetString(Assert.Single(read.File.Result.Lines.Unknown).Text.Span));
    }

    [Fact]
    public void A_name_longer_than_the_file_keeps_comes_back_marked_and_stays_the_same_from_then_on()
    {
        string name = "/" + new string('a', 6000);
        byte[] bytes = Write(Recording.Of($"10 openat(AT_FDCWD, \"{name}\", O_RDONLY) = 3"));
        AuditFile first = Read(bytes).File!;
        string target = Assert.Single(first.Result.Accesses).Access.Target;
        Assert.EndsWith($"…(6001 bytes, sha256 {Hash(Encoding.UTF8.GetBytes(name))})", target, StringComparison.Ordinal);
        Assert.Equal(target, Read(Write(first.Result)).File!.Result.Accesses[0].Access.Target);
    }

    [Fact]
    public void The_kernel_stands_at_the_recording()
    {
        byte[] bytes = Write(Recording.Of(["shellguard: recorded by ptrace on Linux 6.18.5 x86_64", .. Log]));
        string text = Encoding.UTF8.GetString(bytes);
        Assert.Contains("\"kernel\":{\"release\":\"6.18.5\",\"machine\":\"x86_64\"}", text, StringComparison.Ordinal);
        AuditFile read = Read(bytes).File!;
        Assert.Equal("Linux 6.18.5 x86_64", Assert.Single(read.Result.Inputs).Kernel?.ToString());
        Assert.Equal(bytes, Write(read.Result));
        Assert.Contains(
            Read(Encoding.UTF8.GetBytes(text.Replace("6.18.5", "6.18 <b>", StringComparison.Ordinal))).Problems,
            problem => problem.Text == "a kernel that has no such name");
        Assert.DoesNotContain("kernel\"", Encoding.UTF8.GetString(Write(Recording.Of(Log))), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_cut_is_found()
    {
        byte[] bytes = Write(Recording.Of(Log));
        for (int length = 0; length < bytes.Length; length += length < bytes.Length - 200 ? 37 : 1)
        {
            AuditFileResult read = Read(bytes[..length]);
            Assert.Null(read.File);
            Assert.NotEmpty(read.Problems);
        }
    }

    [Fact]
    public void Every_changed_byte_is_found()
    {
        byte[] bytes = Write(Recording.Of(Log));
        for (int place = 0; place < bytes.Length; place++)
        {
            byte[] changed = [.. bytes];
            changed[place] ^= 1;
            Assert.True(Read(changed).File is null, $"byte {place} of {bytes.Length}");
        }
    }

    [Fact]
    public void A_carriage_return_is_a_change() =>
        Assert.Null(Read(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Write(Recording.Of(Log))).Replace("\n", "\r\n", StringComparison.Ordinal))).File);

    [Theory]
    [InlineData("\"operation\":1,", "\"operation\":2,", "field operation is 2, which is write and not 'read'")]
    [InlineData("\"operation\":1,", "\"operation\":99,", "field operation is 99, which is not known")]
    [InlineData("\"operation\":1,", "\"operation\":\"1\",", "field operation is not a whole number")]
    [InlineData("\"operation\":1,", "\"operation\":1,\"operation\":1,", "a field stands twice")]
    [InlineData("\"kindName\":\"path\"", "\"kindName\":\"\\u001b\"", "field kind is 1, which is path and not '\\x1b'")]
    [InlineData("\"target\":", "\"targets\":", "field target is not a text")]
    [InlineData("\"target\":\"/etc/hosts\"", "\"target\":\"\\\\q\"", "field target is not an escaped text")]
    [InlineData("\"target\":\"/etc/hosts\"", "\"target\":\"\\ud800\"", "a text that is not Unicode")]
    [InlineData("\"count\":1", "\"count\":-1", "field count is less than nothing")]
    [InlineData("\"count\":1", "\"count\":1e99", "field count is not a whole number")]
    [InlineData("\"process\":2,\"input\"", "\"process\":77,\"input\"", "field process is 77, and no such process stands before it")]
    [InlineData("\"input\":0,\"line\":", "\"input\":-1,\"line\":", "a place before the first line")]
    public void What_does_not_fit_is_said_with_its_line(string old, string changed, string expected)
    {
        string[] lines = Encoding.UTF8.GetString(Write(Recording.Of(Log))).Split('\n');
        int line = Array.FindIndex(lines, text => text.Contains("\"target\":\"/etc/hosts\"", StringComparison.Ordinal));
        Assert.Contains(old, lines[line], StringComparison.Ordinal);
        lines[line] = lines[line].Replace(old, changed, StringComparison.Ordinal);
        AuditFileResult read = Read(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        Assert.Contains(new AuditFileProblem(line + 1, expected), read.Problems);
        Assert.Null(read.File);
    }

    [Theory]
    [InlineData("", 1, "empty, as a tracer leaves it that is killed; import reads what it recorded until then, which is in FILE.strace.gz")]
    [InlineData("\n", 1, "not JSON")]
    [InlineData("\0\n", 1, "not JSON")]
    [InlineData("{}\n", 1, "no audit file: it does not begin with the field shellguardAudit")]
    [InlineData("[]\n", 1, "not a JSON object")]
    [InlineData("{\"shellguardAudit\":7}\n", 1, "version 7 of the form, which this version of shellguard does not know")]
    [InlineData("{\"shellguardAudit\":1}\n", 1, "field version is not a text")]
    [InlineData("10 openat(AT_FDCWD, \"/a\", O_RDONLY) = 3\n", 1, "not JSON")]
    public void What_is_something_else_is_one_problem(string text, long line, string expected) =>
        Assert.Equal([new AuditFileProblem(line, expected)], Read(Encoding.UTF8.GetBytes(text)).Problems);

    [Fact]
    public void Deep_nesting_and_giant_lines_are_problems()
    {
        string[] lines = Encoding.UTF8.GetString(Write(Recording.Of(Log))).Split('\n');
        AuditFileResult deep = Read(Encoding.UTF8.GetBytes(lines[0] + "\n" + new string('[', 1_000_000) + "\n"));
        Assert.Contains(new AuditFileProblem(2, "not JSON"), deep.Problems);
        AuditFileResult giant = Read(Encoding.UTF8.GetBytes(lines[0] + "\n" + new string(' ', LineReader.MaxLine + 1) + "\n"));
        Assert.Contains(new AuditFileProblem(2, "longer than any line of an audit"), giant.Problems);
    }

    [Fact]
    public void Many_problems_are_counted_and_some_listed()
    {
        string head = Encoding.UTF8.GetString(Write(Recording.Of(Log))).Split('\n')[0];
        AuditFileResult read = Read(Encoding.UTF8.GetBytes(head + "\n" + string.Concat(Enumerable.Repeat("x\n", 1000))));
        Assert.Equal(AuditFileReader.MaxListed, read.Problems.Count);
        Assert.Equal(1000, read.ProblemCount);
    }

    [Fact]
    public void A_hostile_tree_of_processes_is_bounded()
    {
        StringBuilder text = new(Encoding.UTF8.GetString(Write(Recording.Of(Log))).Split('\n')[0] + "\n");
        for (int number = 1; number < 1000; number++)
        {
            text.Append($"{{\"process\":{number},\"pid\":1,\"generation\":1{(number > 1 ? $",\"parent\":{number - 1}" : "")}}}\n");
        }

        Assert.Contains(Read(Encoding.UTF8.GetBytes(text.ToString())).Problems, problem => problem.Text.StartsWith("more ancestors", StringComparison.Ordinal));
    }

    [Fact]
    public void Lines_in_any_other_order_are_no_crash()
    {
        string[] lines = Encoding.UTF8.GetString(Write(Recording.Of(Log))).TrimEnd('\n').Split('\n');
        Random random = new(7);
        for (int run = 0; run < 300; run++)
        {
            string[] shuffled = [.. lines];
            random.Shuffle(shuffled);
            byte[] bytes = Encoding.UTF8.GetBytes(string.Join('\n', shuffled) + "\n");
            for (int change = 0; change < run % 5; change++)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            AuditFileResult read = Read(bytes);
            Assert.True(read.File is null == read.Problems.Count > 0);
        }
    }

    private static AuditFileResult Read(byte[] bytes)
    {
        using MemoryStream stream = new(bytes);
        return AuditFileReader.Read(stream);
    }

    private static byte[] Write(ImportResult result)
    {
        using MemoryStream stream = new();
        AuditWriter.Write(stream, result, "0.0-test");
        return stream.ToArray();
    }

    private static string Hash(byte[] bytes) => Convert.ToHexString(SHA256.HashData(bytes)).ToLowerInvariant();
}
