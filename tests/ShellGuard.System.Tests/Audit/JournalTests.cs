using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Audit;

/// <summary>A session's supervisor and the tracer agree about one command, as far as the supervisor can see.</summary>
public sealed class JournalTests
{
    private const string Script = "date +%Y >/dev/null; cat data; echo x 2>/dev/null >/etc/sgt-denied; (sh -c 'exec true'); exit 0";

    [Theory, BothIdentities]
    public void Both_saw_the_same_programs(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("data", "data\n");
        area.Own();
        area.Outside([.. TestArea.GuardedWordsHere(["--ro", "/"], "/bin/sh", "-c", Script)]).Succeed();
        string session = Path.GetFileName(Assert.Single(area.Sessions));
        Outcome imported = area.Outside(NativeBinary.Path, "import", "--session", session, "-o", $"{area.Home}/session");
        Assert.True(imported.Status == 1, imported.Errors);
        area.Outside(NativeBinary.Path, "trace", "-q", "-o", $"{area.Home}/traced", "--", "/bin/sh", "-c", Script).Succeed();

        AuditLines supervisor = AuditLines.Of(area, "session"), tracer = AuditLines.Of(area, "traced");
        Assert.Equal(["one-aspect"], supervisor.Problems);
        Assert.Equal(Programs(tracer), Programs(supervisor));
        Assert.Equal(["cat", "date", "sh", "true"], Programs(supervisor));

        // An ordinary user's change of /etc is refused by the host itself, which is no decision of the supervisor's.
        Assert.Equal(identity == Identity.Root, supervisor.Accesses.Contains("write /etc/sgt-denied denied EACCES"));
        Assert.DoesNotContain(supervisor.Accesses, access => access.StartsWith("read ", StringComparison.Ordinal));
        Assert.Contains(tracer.Accesses, access => access.StartsWith("read ", StringComparison.Ordinal) && access.Contains("/data ", StringComparison.Ordinal));

        area.Outside(NativeBinary.Path, "learn", "-o", $"{area.Home}/x.toml", $"{area.Home}/session").Succeed();
        Assert.Contains("sh -c 'date", File.ReadAllText($"{area.Home}/x.toml").Split('\n')[0], StringComparison.Ordinal);
        Assert.Equal(0, area.Outside(NativeBinary.Path, "report", "-o", $"{area.Home}/x.md", $"{area.Home}/session").Status);
        Assert.Equal(1, area.Outside(NativeBinary.Path, "audit", "diff", $"{area.Home}/session", $"{area.Home}/traced").Status);
    }

    private static IEnumerable<string> Programs(AuditLines audit) => audit.Accesses
        .Where(access => access.StartsWith("execute ", StringComparison.Ordinal) && access.EndsWith(" success", StringComparison.Ordinal))
        .Select(access => Path.GetFileName(access.Split(' ')[1]))
        .Select(name => name == "dash" ? "sh" : name)
        .Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal);
}
