using System.Text.RegularExpressions;

namespace ShellGuard.Architecture.Tests;

/// <summary>What the pages for people say, as far as a program can check it.</summary>
public sealed class DocumentTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Hosts that product, build files and pages may name: standards, licences, documentation, and names that
    /// stand for any host (RFC 2606). A package registry's name has no business in a checkout.</summary>
    private static readonly string[] Hosts =
        ["docs.asciinema.org", "json-schema.org", "www.w3.org", "www.apache.org", "github.com", "man7.org", "docs.kernel.org"];

    public static TheoryData<string> Pages => [.. SourceTree.Pages];

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_link_leads_somewhere(string page)
    {
        List<string> broken = [];
        foreach (Match link in Regex.Matches(
            WithoutCode(SourceTree.Text(page)), @"\]\((?<to>[^)\s]+)\)", RegexOptions.ExplicitCapture, Patience))
        {
            string target = link.Groups["to"].Value;
            if (target.Contains("://", StringComparison.Ordinal))
            {
                continue;
            }

            string[] parts = target.Split('#', 2);
            string file = parts[0].Length == 0
                ? page
                : Path.GetRelativePath(
                    SourceTree.Root, Path.GetFullPath(parts[0], Path.Combine(SourceTree.Root, Path.GetDirectoryName(page)!)));
            bool exists = Path.Exists(Path.Combine(SourceTree.Root, file));
            if (!exists || (parts.Length == 2 && !Anchors(file).Contains(parts[1])))
            {
                broken.Add(target);
            }
        }

        Assert.Empty(broken);
    }

    [Fact]
    public void The_index_names_every_page()
    {
        string index = SourceTree.Text("docs/README.md");
        Assert.All(
            SourceTree.Pages.Where(page => page.StartsWith("docs/", StringComparison.Ordinal) && page != "docs/README.md"),
            page => Assert.Contains($"({page["docs/".Length..]})", index, StringComparison.Ordinal));
    }

    /// <summary>The suite, its list of rows and its page have the same 68 rows, and no way is left out.</summary>
    [Fact]
    public void The_leak_suite_and_its_page_have_every_row_and_every_way()
    {
        int[] all = [.. Enumerable.Range(1, 68)];
        string page = SourceTree.Text("docs/leaks.md");
        Assert.Equal(all, Numbers(SourceTree.Text("bench/leak/rows.py"), @"^    \((?<row>\d+), """));
        string rows = page[page.IndexOf("## Rows", StringComparison.Ordinal)..page.IndexOf("## Admitted", StringComparison.Ordinal)];
        Assert.Equal(all, Numbers(rows, @"^\| (?<row>\d+) \| "));

        string ways = page[page.IndexOf("## Ways", StringComparison.Ordinal)..];
        List<string> tried = [];
        foreach (string source in SourceTree.Files.Where(file => file.StartsWith("bench/leak/", StringComparison.Ordinal)))
        {
            foreach (Match way in Regex.Matches(
                SourceTree.Text(source), @"^    \{ (?<row>[1-9]\d*), ""(?<name>[^""]+)""",
                RegexOptions.Multiline | RegexOptions.ExplicitCapture, Patience))
            {
                tried.Add($"| {way.Groups["row"].Value} | {way.Groups["name"].Value} | ");
            }
        }

        Assert.NotEmpty(tried);
        Assert.All(tried, way => Assert.Contains(way, ways, StringComparison.Ordinal));

        // Every row is tried, or says why not.
        HashSet<int> untried = [.. Numbers(rows, @"^\| (?<row>\d+) \| [^|]+ \| not tried ")];
        untried.UnionWith([53, 57]);
        Assert.Equal(all, Numbers(ways, @"^\| (?<row>\d+) \| ").Concat(untried).Distinct().Order());
    }

    private static IEnumerable<int> Numbers(string text, string pattern)
    {
        foreach (Match match in Regex.Matches(text, pattern, RegexOptions.Multiline | RegexOptions.ExplicitCapture, Patience))
        {
            yield return int.Parse(match.Groups["row"].Value, System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    [Fact]
    public void A_path_that_a_page_names_exists()
    {
        List<string> missing = [];
        foreach (string page in SourceTree.Pages)
        {
            foreach (Match path in Regex.Matches(
                SourceTree.Text(page),
                @"`(?<path>(src|test|tests|docs|build|examples|bench)/[\w./-]+[\w/])`", RegexOptions.ExplicitCapture, Patience))
            {
                string named = path.Groups["path"].Value;
                if (!Path.Exists(Path.Combine(SourceTree.Root, named)))
                {
                    missing.Add($"{page}: {named}");
                }
            }
        }

        Assert.Empty(missing);
    }

    [Fact]
    public void The_licence_is_there()
    {
        string licence = SourceTree.Text("LICENSE");
        Assert.Contains("Apache License", licence, StringComparison.Ordinal);
        Assert.Contains("Version 2.0, January 2004", licence, StringComparison.Ordinal);
        Assert.Contains("Apache-2.0", SourceTree.Text("Directory.Build.props"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shellguard")]
    [InlineData("test")]
    [InlineData(".ci/run")]
    [InlineData("build/native")]
    public void What_the_readme_says_to_run_can_be_run(string command)
    {
        string file = Path.Combine(SourceTree.Root, command);
        Assert.True(File.GetUnixFileMode(file).HasFlag(UnixFileMode.UserExecute), $"{command} is not executable");
        Assert.Contains(command, SourceTree.Text("README.md") + SourceTree.Text("CONTRIBUTING.md"), StringComparison.Ordinal);
    }

    /// <summary>Nothing of the machine that this was written on.</summary>
    [Fact]
    public void No_file_names_a_path_of_some_machine()
    {
        Regex path = new(@"(?<![\w.}])/(wor" + "k/|far" + @"m/|home/(?!ann\b|bob\b)\w+/)", RegexOptions.ExplicitCapture, Patience);
        Assert.Empty(Find(path, SourceTree.Files.Where(IsText).Where(file => !IsTest(file))));
        Regex shared = new("(?<![\\w.}])/(wor" + "k|far" + "m)/", RegexOptions.ExplicitCapture, Patience);
        Assert.Empty(Find(shared, SourceTree.Files.Where(IsText)));
    }

    [Fact]
    public void No_file_names_a_host_that_was_not_decided_on()
    {
        Regex host = new(
            @"https?://(?!(" + string.Join('|', Hosts.Select(Regex.Escape)) + @")\b|[\w.-]*\bexample\b|\[|\(|…|localhost|127\.0\.0\.1)\w",
            RegexOptions.ExplicitCapture, Patience);
        Assert.Empty(Find(host, SourceTree.Files.Where(IsText).Where(file => !IsTest(file))));
    }

    [Fact]
    public void No_file_configures_a_package_registry() => Assert.DoesNotContain(
        SourceTree.Files,
        file => Path.GetFileName(file).ToLowerInvariant() is "nuget.config" or ".npmrc" or "pip.conf" or "sources.list");

    private static List<string> Find(Regex pattern, IEnumerable<string> files)
    {
        List<string> found = [];
        foreach (string file in files)
        {
            string[] lines = SourceTree.Lines(file);
            for (int i = 0; i < lines.Length; i++)
            {
                if (pattern.Match(lines[i]) is { Success: true } match)
                {
                    found.Add($"{file}:{i + 1}: {match.Value}");
                }
            }
        }

        return found;
    }

    private static bool IsText(string file) => !file.Contains("/Corpus/", StringComparison.Ordinal);

    /// <summary>Tests show hostile and odd addresses to the code; none of them is ever asked.</summary>
    private static bool IsTest(string file) =>
        file.Contains(".Tests/", StringComparison.Ordinal) || file == "LICENSE";

    private static string WithoutCode(string text) =>
        Regex.Replace(text, @"^```.*?^```|`[^`\n]*`", "", RegexOptions.Multiline | RegexOptions.Singleline, Patience);

    /// <summary>The names that headings get when the page is shown.</summary>
    private static HashSet<string> Anchors(string file) =>
    [
        .. SourceTree.Lines(file).Where(line => line.StartsWith('#')).Select(line =>
            Regex.Replace(line.TrimStart('#').Trim().ToLowerInvariant(), @"[^\w\- ]", "", RegexOptions.None, Patience).Replace(' ', '-')),
    ];
}
