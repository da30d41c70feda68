using System.Text;
using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Tests.Profiles;
using ShellGuard.Audit.Tests.Reports;
using ShellGuard.Core;

namespace ShellGuard.Audit.Tests.Journals;

/// <summary>What a session's journal says in the access model.</summary>
public sealed class JournalTests
{
    private const string Seal = "\"kind\":16,\"event\":\"seal\",\"denials\":0,\"signature\":\"\"";
    private const string Init = """{"pid":9,"start":90,"parent":8,"program":"/opt/shellguard"},{"pid":8,"start":80,"parent":1,"program":"/usr/bin/bash"}""";

    private static readonly string Shell = Execution("""{"pid":10,"start":100,"parent":9,"program":"/opt/shellguard"},""", "/bin/sh", "sh", "-c", "x");
    private static readonly string Date = Execution(
        """{"pid":11,"start":110,"parent":10,"program":"/bin/sh"},{"pid":10,"start":100,"parent":9,"program":"/bin/sh"},""", "/bin/date", "date");

    [Fact]
    public void Executions_have_the_cells_ancestors_and_no_others()
    {
        ImportResult result = Import(Shell, Date, Seal);
        Assert.Equal(["/bin/sh[11] < /bin/sh[10]", "/opt/shellguard[10]"], result.Accesses.Select(Recording.Chain));
        Assert.Equal(["Execute /bin/date", "Execute /bin/sh"], result.Accesses());
        Assert.Equal("sh|-c|x", result.Accesses[0].Access.Chain[0].Arguments.Words());
        AccessProfile profile = ProfileBuilder.Build(AuditSample.Again(result).Result, new GeneralOptions(), new FakeHost());
        Assert.Equal(("/bin/sh", "sh -c x"), (profile.Program, string.Join(' ', profile.Command.Kept)));
    }

    [Fact]
    public void Decisions_become_outcomes()
    {
        ImportResult result = Import(
            Shell, Access(10, "example.org:443", isAllowed: true), Access(10, "/run/docker.sock", isAllowed: false), Access(18, "evil.example", isAllowed: false),
            Access(2, "/etc/passwd", isAllowed: false), Seal);
        Assert.Equal(
            ["Write /etc/passwd EACCES", "Execute /bin/sh", "Connect /run/docker.sock EACCES", "Connect example.org:443/tcp EINPROGRESS", "Resolve evil.example EACCES"],
            result.Accesses());
        Assert.Equal(
            [ObjectKind.UnixSocket, ObjectKind.Endpoint, ObjectKind.Name],
            result.Accesses.Where(seen => seen.Access.Operation is Operation.Connect or Operation.Resolve).Select(seen => seen.Access.Kind));
        Assert.True(result.Accesses.Single(seen => seen.Access.Kind == ObjectKind.Endpoint).Access.Outcome.IsGranted);
    }

    [Fact]
    public void It_is_never_complete_and_a_journal_without_its_seal_says_so()
    {
        ImportResult sealedOne = Import(Shell, Seal), open = Import(Shell);
        Assert.Equal([CoverageProblem.OneAspect], sealedOne.Coverage.Reasons.Select(reason => reason.Problem));
        Assert.Equal(CoverageState.Partial, sealedOne.Coverage.State);
        Assert.Contains(open.Coverage.Reasons, reason => reason.Problem == CoverageProblem.CutLog);
        Assert.Equal(TraceFormat.Journal, sealedOne.Inputs[0].Format);
    }

    [Fact]
    public void A_line_that_is_no_record_is_listed()
    {
        ImportResult result = Recording.Of(Encoding.UTF8.GetBytes($"{Record(Shell)}\n{{\"v\":1,\"session\":7}}\nrubbish\n{Record(Seal)}\n"));
        Assert.Equal([2L, 3L], result.Lines.Unknown.Select(line => line.Origin.Line));
    }

    private static ImportResult Import(params string[] events) => Recording.Of(events.Select(Record));

    private static string Record(string what) =>
        $$"""{"v":1,"seq":1,"time":"2026-11-22T12:38:46.0177927Z","ns":1,"session":"1ng5rjn44zt306m7",{{what}},"prev":"","hash":""}""";

    private static string Execution(string chain, string path, params string[] words) =>
        $"\"kind\":5,\"event\":\"exec\",\"cell\":\"main\",\"chain\":[{chain}{Init}],\"decision\":1,\"decisionName\":\"allow\",\"reason\":\"shown\","
        + $"\"path\":\"{path}\",\"argv\":[{string.Join(',', words.Select(word => $"\"{word}\""))}],\"sha256\":\"00\",\"fromMemory\":false,\"cwd\":\"/\"";

    private static string Access(int operation, string target, bool isAllowed) =>
        $"\"kind\":6,\"event\":\"access\",\"cell\":\"main\",\"chain\":[{{\"pid\":10,\"start\":100,\"parent\":9,\"program\":\"/bin/sh\"}},{Init}],"
        + $"\"operation\":{operation},\"operationName\":\"x\",\"decision\":{(isAllowed ? 1 : 0)},\"decisionName\":\"x\",\"reason\":\"because\",\"target\":\"{target}\"";
}
