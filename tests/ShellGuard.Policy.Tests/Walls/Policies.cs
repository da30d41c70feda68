using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Lint;
using ShellGuard.Policy.Model;
using Xunit;

namespace ShellGuard.Policy.Tests.Walls;

/// <summary>Policies with walls that tests speak of.</summary>
internal static class Policies
{
    /// <summary>The sentence: internet and customer database, and no path from one to the other.</summary>
    public const string CustomerData = """
        [tags]
        "db:customers" = "rows about customers"
        "net:internet" = "anybody outside"

        [[resource]]
        name = "customer database"
        net = ["db.corp:5432"]
        source = ["db:customers"]
        opaque = true

        [[resource]]
        name = "internet"
        net = ["*:443"]
        sink = ["net:internet"]

        [[conflict]]
        name = "customer data"
        at_most = 1
        of = ["db:customers", "net:internet"]

        [cell.db]
        label = ["db:customers"]
        commands = ["psql", "pg_dump"]
        net = ["db.corp:5432"]

        [cell.net]
        commands = ["git", "curl"]
        net = ["github.com:443"]

        [[gate]]
        name = "count"
        kind = "filter"
        from = ["db:customers"]
        to = ["net:internet"]
        program = "/usr/local/lib/filters/count"
        sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        form = "integer 0..1000000"
        max-bytes = 64
        bits = 512
        per = "1h"

        """;

    public static WallRules Load(string text) => Assert.IsType<WallRules>(Contexts.Load(text).Policy!.Walls);

    /// <summary>Everything that <c>policy check</c> prints, without carets.</summary>
    public static string Check(string text)
    {
        MemoryFiles files = new MemoryFiles().With("/etc/p.toml", text);
        (_, IReadOnlyList<Diagnostic> findings) =
            PolicyLint.LoadAndCheck(new PolicyRequest("/etc/p.toml", [], Contexts.Alice), files);
        return DiagnosticRenderer.Render(findings, new Dictionary<string, string>(StringComparer.Ordinal));
    }
}
