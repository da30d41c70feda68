using System.Xml.Linq;

namespace ShellGuard.Architecture.Tests;

/// <summary>Which project may know which. A new project needs a line here, and so a decision.</summary>
public sealed class ArrowTests
{
    private static readonly Dictionary<string, string[]> References = new(StringComparer.Ordinal)
    {
        ["ShellGuard.Core"] = [],
        ["ShellGuard.Linux"] = [],
        ["ShellGuard.Policy"] = ["ShellGuard.Core"],
        ["ShellGuard.Journal"] = ["ShellGuard.Core"],
        ["ShellGuard.Audit"] = ["ShellGuard.Core", "ShellGuard.Journal", "ShellGuard.Linux", "ShellGuard.Policy"],
        ["ShellGuard.Cells"] = ["ShellGuard.Core", "ShellGuard.Journal", "ShellGuard.Linux", "ShellGuard.Policy"],
        ["ShellGuard.Leash"] =
            ["ShellGuard.Cells", "ShellGuard.Core", "ShellGuard.Journal", "ShellGuard.Linux", "ShellGuard.Policy"],
        ["ShellGuard.Cli"] =
            [
                "ShellGuard.Audit", "ShellGuard.Cells", "ShellGuard.Core", "ShellGuard.Journal", "ShellGuard.Leash",
                "ShellGuard.Linux", "ShellGuard.Policy",
            ],
    };

    /// <summary>What is linked into the binary. Databases, telemetry and web servers never are.</summary>
    private static readonly Dictionary<string, string[]> Packages = new(StringComparer.Ordinal)
    {
        ["ShellGuard.Cli"] = ["System.CommandLine"],
    };

    public static TheoryData<string> Projects => [.. SourceTree.Files.Where(IsProduct)];

    [Fact]
    public void Every_project_has_its_arrows() =>
        Assert.Equal(References.Keys.Order(), SourceTree.Files.Where(IsProduct).Select(NameOf).Order());

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_what_its_arrows_say(string project)
    {
        XDocument file = XDocument.Parse(SourceTree.Text(project));
        IEnumerable<string> references = file.Descendants("ProjectReference").Select(Include).Select(NameOf);
        Assert.Equal(References[NameOf(project)], references.Order());
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_uses_only_packages_that_were_decided_on(string project)
    {
        XDocument file = XDocument.Parse(SourceTree.Text(project));
        Assert.Equal(
            Packages.GetValueOrDefault(NameOf(project), []),
            file.Descendants("PackageReference").Select(Include).Order());
        Assert.Empty(file.Descendants("FrameworkReference"));
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        string solution = SourceTree.Text("ShellGuard.slnx");
        Assert.All(
            SourceTree.Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal)),
            project => Assert.Contains(project, solution, StringComparison.Ordinal));
    }

    [Fact]
    public void A_namespace_is_its_folder()
    {
        List<string> wrong = [];
        foreach (string file in SourceTree.Sources)
        {
            string? line = SourceTree.Lines(file).FirstOrDefault(
                candidate => candidate.StartsWith("namespace ", StringComparison.Ordinal));
            string folder = Path.GetDirectoryName(file)!["src/".Length..].Replace('/', '.');
            if (line is not null && line != $"namespace {folder};")
            {
                wrong.Add($"{file}: {line}");
            }
        }

        Assert.Empty(wrong);
    }

    private static bool IsProduct(string file) =>
        file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".csproj", StringComparison.Ordinal);

    private static string Include(XElement element) => element.Attribute("Include")!.Value;

    private static string NameOf(string project) => Path.GetFileNameWithoutExtension(project);
}
