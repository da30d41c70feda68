using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Audit;

/// <summary>Programs with threads, runtimes and children of their own: what they did for their user is in the audit, under
/// the runtime's own files, and strace saw no more.</summary>
public sealed class ProgramTests
{
    private const string Commit = """
        rm -rf r; git init -q r; cd r; echo text > file; git add file
        git -c user.name=Ann -c user.email=ann@corp.example commit -qm m; git log --oneline | wc -l
        """;

    [Theory]
    [InlineData(Commit, "create r/.git/HEAD.lock success;read r/file success;write r/.git/index.lock success;execute /usr/bin/git success")]
    [InlineData("$GO_CLIENT 127.0.0.1 9 || true", "connect 127.0.0.1:9/tcp started EINPROGRESS;execute $GO_CLIENT success")]
    [InlineData(
        "node -e 'const fs = require(\"fs\"); fs.writeFileSync(\"made\", fs.readFileSync(\"/etc/hostname\")); require(\"child_process\").execFileSync(\"true\")'",
        "read /etc/hostname success;create made success;write made success;execute /usr/bin/node success;execute /usr/bin/true success")]
    public void What_it_did_is_there_and_strace_saw_no_more(string line, string expected)
    {
        using TestArea area = new(Identity.Root);
        line = line.Replace("$GO_CLIENT", Helper.GoClient, StringComparison.Ordinal);
        area.Write("script", line);
        area.Outside("bash", "script").Succeed();
        area.Outside(NativeBinary.Path, "trace", "-q", "-o", $"{area.Home}/own", "--", "bash", "script").Succeed();
        area.Outside("strace", "-f", "-yy", "-q", "-s", "65535", "-o", $"{area.Home}/log", "bash", "script").Succeed();
        area.Outside(NativeBinary.Path, "import", "-o", $"{area.Home}/theirs", $"{area.Home}/log");
        AuditLines own = AuditLines.Of(area, "own");
        AssertHas(area, own, expected.Replace("$GO_CLIENT", Helper.GoClient, StringComparison.Ordinal));
        AuditLines.AssertSame(own, AuditLines.Of(area, "theirs"));
    }

    /// <summary>Which of its files the runtime of .NET reads, and in which thread it looks for others, is chance: what
    /// strace sees is not the same twice.</summary>
    [Fact]
    public void The_runtime_of_dotnet_and_the_program_in_it_are_seen()
    {
        using TestArea area = new(Identity.Root);
        area.Outside(
            "env", "DOTNET_CLI_TELEMETRY_OPTOUT=1", "DOTNET_NOLOGO=1", NativeBinary.Path, "trace", "-q", "-o", $"{area.Home}/own", "--",
            "dotnet", "new", "globaljson", "--output", "made").Succeed();
        AuditLines own = AuditLines.Of(area, "own");
        AssertHas(area, own, "create made success;write made/global.json success");
        Assert.Contains(own.Accesses, access => access.StartsWith("map-executable", StringComparison.Ordinal) && access.Contains("libcoreclr.so", StringComparison.Ordinal));
        Assert.Contains(own.Accesses, access => access.StartsWith("read", StringComparison.Ordinal) && access.Contains("/dotnet.dll", StringComparison.Ordinal));
        Assert.DoesNotContain(own.Accesses, access => access.StartsWith("connect", StringComparison.Ordinal) && access.Contains("/tcp", StringComparison.Ordinal));
    }

    /// <summary>Each line of expectations: an operation, a path, relative to the working directory or not, an outcome.
    /// </summary>
    private static void AssertHas(TestArea area, AuditLines audit, string expected)
    {
        Assert.Equal("complete", audit.Coverage);
        foreach (string access in expected.Split(';'))
        {
            string[] words = access.Split(' ', 3);
            string full = words[1][0] == '/' || words[1].Contains(':', StringComparison.Ordinal) ? access : $"{words[0]} {area.Work}/{words[1]} {words[2]}";
            Assert.Contains(full, audit.Accesses);
        }
    }
}
