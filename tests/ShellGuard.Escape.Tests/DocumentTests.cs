using System.Reflection;
using System.Text.RegularExpressions;
using ShellGuard.Escape.Tests.Support;

namespace ShellGuard.Escape.Tests;

/// <summary>docs/bypasses.md says for every line how it is held; what it calls tested has a test here.</summary>
public sealed partial class DocumentTests
{
    /// <summary>How many lines each section of the list has.</summary>
    private static readonly Dictionary<char, int> Lines = new()
    {
        ['A'] = 13,
        ['B'] = 7,
        ['C'] = 13,
        ['D'] = 6,
        ['E'] = 8,
        ['F'] = 7,
        ['H'] = 6,
        ['I'] = 5,
    };

    private static readonly Dictionary<string, string> Rows = File
        .ReadLines(Path.Combine(AppContext.BaseDirectory, "docs/bypasses.md"))
        .Select(line => Row().Match(line))
        .Where(match => match.Success)
        .ToDictionary(match => match.Groups["id"].Value, match => match.Groups["state"].Value, StringComparer.Ordinal);

    /// <summary>The tests that lines of the document name: `Class.Method`.</summary>
    public static TheoryData<string> Named =>
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "docs/bypasses.md")).Where(line => Row().IsMatch(line))
            .SelectMany(line => TestName().Matches(line)).Select(match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal),
    ];

    [Fact]
    public void Every_line_is_in_the_document()
    {
        IEnumerable<string> wanted = Lines.SelectMany(
            section => Enumerable.Range(1, section.Value).Select(number => $"{section.Key}{number}"));

        Assert.Equal(wanted.Order(StringComparer.Ordinal), Rows.Keys.Where(id => id[0] != 'X').Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_called_tested_is_tested_and_the_other_way_round()
    {
        IEnumerable<string> claimed = Rows.Where(row => row.Value is "held" or "partly").Select(row => row.Key);

        Assert.Equal(claimed.Order(StringComparer.Ordinal), Tested().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_tested_elsewhere_names_its_test()
    {
        IEnumerable<string> lines = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "docs/bypasses.md"))
            .Where(line => Row().Match(line) is { Success: true } match && match.Groups["state"].Value == "elsewhere");

        Assert.All(lines, line => Assert.Matches(TestName(), line));
    }

    [Theory]
    [MemberData(nameof(Named))]
    public void A_test_that_is_named_exists(string name)
    {
        string[] parts = name.Split('.');
        string tests = Path.Combine(Repository(), "tests");
        Regex method = new(
            $@"\[(?:Fact|Theory)\b(?:(?!\n    }}).)*?\s{parts[1]}\(",
            RegexOptions.ExplicitCapture | RegexOptions.Singleline,
            TimeSpan.FromSeconds(5));

        Assert.Contains(
            Directory.EnumerateFiles(tests, $"{parts[0]}.cs", SearchOption.AllDirectories),
            source => method.IsMatch(File.ReadAllText(source)));
    }

    /// <summary>The tests run in a checkout.</summary>
    private static string Repository()
    {
        string root = AppContext.BaseDirectory;
        while (!Path.Exists(Path.Combine(root, "ShellGuard.slnx")))
        {
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("not in a checkout");
        }

        return root;
    }

    private static HashSet<string> Tested()
    {
        HashSet<string> ids = new(StringComparer.Ordinal);
        foreach (Type type in typeof(DocumentTests).Assembly.GetTypes())
        {
            if (type.GetField("Section", BindingFlags.Static | BindingFlags.NonPublic)?.GetValue(null) is
                IReadOnlyList<Attempt> section)
            {
                ids.UnionWith(section.SelectMany(attempt => attempt.Id.Split(' ')));
            }

            ids.UnionWith(type.GetMethods()
                .Where(method => method.IsDefined(typeof(FactAttribute), inherit: true))
                .Select(method => Line().Match(method.Name))
                .Where(match => match.Success)
                .Select(match => match.Groups["id"].Value));
        }

        return ids;
    }

    [GeneratedRegex(@"^\| (?<id>[A-IX]\d+) \| [^|]+ \| (?<state>\w[\w ]*) \|", RegexOptions.None, 1000)]
    private static partial Regex Row();

    [GeneratedRegex(@"`(?<name>\w+Tests\.\w+)`", RegexOptions.None, 1000)]
    private static partial Regex TestName();

    [GeneratedRegex(@"^(?<id>[A-IX]\d+)_", RegexOptions.None, 1000)]
    private static partial Regex Line();
}
