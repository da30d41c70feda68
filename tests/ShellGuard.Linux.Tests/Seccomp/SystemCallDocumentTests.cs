using Xunit;

namespace ShellGuard.Linux.Tests.Seccomp;

/// <summary>docs/system-calls.md is what the table says.</summary>
public sealed class SystemCallDocumentTests
{
    /// <summary>Set to 1, the test writes the page instead of comparing it.</summary>
    private const string Regenerate = "SHELLGUARD_REGENERATE";

    [Fact]
    public void PageIsTheTable()
    {
        string page = Path.Combine(Repository.Root, "docs", "system-calls.md");
        string expected = SystemCallDocument.Write();
        if (Environment.GetEnvironmentVariable(Regenerate) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(page)!);
            File.WriteAllText(page, expected);
        }

        Assert.True(
            expected == File.ReadAllText(page),
            $"docs/system-calls.md is not what the table says: run this test with {Regenerate}=1 and commit the page");
    }
}
