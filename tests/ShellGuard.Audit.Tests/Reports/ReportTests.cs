using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Reports.Document;
using ShellGuard.Audit.Reports.Findings;
using ShellGuard.Audit.Tests.Profiles;

namespace ShellGuard.Audit.Tests.Reports;

/// <summary>The report says what matters first, the same each time, and nothing in a recording acts in it.</summary>
public sealed class ReportTests
{
    private static readonly string[] Scan =
    [
        "10 execve(\"/usr/bin/scan\", [\"scan\", \"--all\"], 0x7ffe /* 3 vars */) = 0", "10 geteuid() = 0",
        "10 openat(AT_FDCWD, \"/etc/shadow\", O_RDONLY) = 3", "10 openat(AT_FDCWD, \"/etc/cron.d/job\", O_WRONLY|O_CREAT, 0644) = 3",
        "10 connect(3, {sa_family=AF_UNIX, sun_path=\"/run/docker.sock\"}, 110) = 0", "10 openat(AT_FDCWD, \"/tmp/tool\", O_WRONLY|O_CREAT, 0755) = 3",
        "10 fork() = 11", "11 execve(\"/tmp/tool\", [\"tool\", \"x\"], 0x7ffe /* 3 vars */) = 0", "11 setuid(33) = 0", "11 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 5",
        "11 connect(5, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr(\"198.51.100.7\")}, 16) = 0",
        "11 openat(AT_FDCWD, \"/root/.ssh/id_rsa\", O_RDONLY) = -1 EACCES (Permission denied)",
        "11 openat(AT_FDCWD, \"/nowhere\", O_RDONLY) = -1 ENOENT (No such file or directory)", "11 exit_group(0) = ?", "11 +++ exited with 0 +++",
    ];

    private static readonly string[] Names =
    [
        "<script>alert(1)</script>", "</text></svg><img src=x onerror=alert(1)>", "]](javascript:alert(1))", "|a|b|", "`code`", "**bold**", "# heading", "\\\"><b>", "' onload='x",
        "&lt;b&gt;", "[x](https://evil.example)", "https://evil.example", "x\\33]0;title\\7\\33[2J", "\\342\\200\\256evil", "a\\nb\\r\\n- c", "\\377\\376", "-->", "<!--", "]]>", "$(id)", "\\\\",
    ];

    private static readonly string[] Hostile =
    [
        "10 execve(\"/bin/<sh>\", [\"<sh>\", \"<img src=x>\", \"|\"], 0x7ffe /* 3 vars */) = 0", "10 geteuid() = 0",
        .. Names.SelectMany(name => (string[])
        [
            $"10 openat(AT_FDCWD, \"/srv/{name}\", O_WRONLY|O_CREAT, 0644) = 3", $"10 openat(AT_FDCWD, \"/{name}/f\", O_RDONLY) = 3",
            $"10 execve(\"/bin/{name}\", [\"{name}\", \"{name}\"], 0x7ffe /* 3 vars */) = 0", $"10 openat(AT_FDCWD, \"/etc/{name}\", O_RDONLY) = -1 EACCES (Permission denied)",
            $"10 connect(3, {{sa_family=AF_UNIX, sun_path=\"/run/{name}\"}}, 110) = 0",
        ]),
        "<b>what is this</b>",
    ];

    [Fact]
    public void The_verdict_says_what_matters_first()
    {
        string[] lines = [.. Verdict(Build(Scan)).Lines.Select(line => line.Text)];
        Assert.Equal("What it is: /usr/bin/scan, of the Debian package scanner; ran as root, user 33; 1 run.", lines[0]);
        Assert.Equal("Surprises: 5 kinds serious, 2 notable.", lines[1]);
        Assert.Equal(
            [
                "serious: read credentials (1): /etc/shadow",
                "serious: talked to a service that acts with more rights (1): /run/docker.sock",
                "serious: changed places from which the host runs something (2): /etc/cron.d/job",
                "serious: executed what it had written itself (1): /tmp/tool",
                "serious: executed programs from directories that everybody can write (1): /tmp/tool",
                "notable: connected to other hosts (1): 198.51.100.7:443/tcp",
                "notable: became another user or group (1): uid 33",
                "to know: was denied credentials (1): /root/.ssh/id_rsa",
            ],
            lines.Skip(2).Take(8));
        Assert.Contains("It changed 2: /etc/cron.d/job, /tmp/tool", lines);
        Assert.Contains("It executed 2: /tmp/tool, /usr/bin/scan", lines);
    }

    [Fact]
    public void Every_part_of_the_demand_is_a_section()
    {
        ReportDocument report = Build(Scan);
        Assert.Equal(
            [
                "verdict", "changes", "network", "executed", "processes", "privileges", "not-as-root", "delegations", "sensitivity", "directories", "packages", "denied",
                "environment", "evidence", "limits",
            ],
            report.Sections.Select(section => section.Id));
        ReportTable files = Assert.IsType<ReportTable>(report.Sections.Single(section => section.Id == "sensitivity").Blocks[0]);
        Assert.Equal("credentials", files.Rows[0][0]);
        ReportTable packages = Assert.IsType<ReportTable>(report.Sections.Single(section => section.Id == "packages").Blocks[0]);
        Assert.Equal(["scanner", "1", "1", "0"], packages.Rows[0].Take(4));
        ReportList tree = Assert.IsType<ReportList>(report.Sections.Single(section => section.Id == "processes").Blocks[1]);
        Assert.Equal([(0, "/usr/bin/scan  (scan --all)"), (1, "/tmp/tool  (tool x)")], tree.Lines.Select(line => (line.Depth, line.Text)));
    }

    [Fact]
    public void The_same_audit_gives_the_same_bytes()
    {
        Assert.Equal(HtmlReport.Write(Build(Scan)), HtmlReport.Write(Build(Scan)));
        Assert.Equal(JsonReport.Write(Build(Hostile)), JsonReport.Write(Build(Hostile)));
        Assert.Equal(MarkdownReport.Write(Build(Hostile)), MarkdownReport.Write(Build(Hostile)));
    }

    [Fact]
    public void Html_is_one_file_of_text_and_nothing_of_a_recording_is_markup()
    {
        string html = HtmlReport.Write(Build(Hostile));
        Assert.DoesNotContain(html, letter => char.IsControl(letter) && letter != '\n');
        Assert.DoesNotContain('\u202e', html);

        // As XML every element is known; a name that got out would be another one.
        string body = html[html.IndexOf("<body>", StringComparison.Ordinal)..html.IndexOf("</html>", StringComparison.Ordinal)];
        HashSet<string> elements = [.. XDocument.Parse(body).Descendants().Select(element => element.Name.LocalName)];
        Assert.Subset(
            (HashSet<string>)["body", "h1", "h2", "section", "p", "nav", "ul", "li", "a", "table", "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "svg", "defs", "pattern", "rect", "text", "path"],
            elements);
        Assert.All(XDocument.Parse(body).Descendants().Attributes(), attribute => Assert.False(attribute.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase)));
        Assert.All(XDocument.Parse(body).Descendants("a").Attributes("href"), link => Assert.StartsWith("#", link.Value, StringComparison.Ordinal));
        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Markdown_has_no_markup_of_a_recording()
    {
        string text = MarkdownReport.Write(Build(Hostile));
        Assert.DoesNotContain(text, letter => char.IsControl(letter) && letter != '\n');
        int columns = 0;
        foreach (string line in text.Split('\n'))
        {
            string plain = Regex.Replace(line, @"\\.", "", RegexOptions.None, TimeSpan.FromSeconds(10));
            Assert.DoesNotMatch(@"[<>`*_\[\]&]|https?:|www\.", plain);
            Assert.Matches(new Regex(@"^(#{1,2} [^#|]*|\|[^#]*\||( *)- [^#|]*|[^#|-]*)$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10)), plain);
            columns = plain.StartsWith('|') ? (columns == 0 ? plain.Count(letter => letter == '|') : columns) : 0;
            Assert.True(columns == 0 || columns == plain.Count(letter => letter == '|'), line);
        }
    }

    [Fact]
    public void Json_has_every_row()
    {
        using JsonDocument json = JsonDocument.Parse(JsonReport.Write(Build(Hostile, int.MaxValue)));
        JsonElement changes = json.RootElement.GetProperty("sections").GetProperty("changes").GetProperty("rows");
        Assert.Equal(Names.Length, changes.GetArrayLength());
        Assert.Contains(changes.EnumerateArray(), row => row.GetProperty("path").GetString() == "/srv/<script>alert(1)</script>");
        Assert.Contains(changes.EnumerateArray(), row => row.GetProperty("path").GetString() == "/srv/a\\nb\\r\\n- c");
    }

    [Fact]
    public void A_long_table_says_what_it_leaves_out()
    {
        ReportDocument report = Build([.. Enumerable.Range(0, 50).Select(number => AuditSample.Written($"/srv/{number}/x{number}"))], rows: 10);
        ReportTable table = Assert.IsType<ReportTable>(report.Sections.Single(section => section.Id == "changes").Blocks[0]);
        Assert.Equal((10, 40), (table.Rows.Count, table.More));
        Assert.Contains("40 more; the JSON report has them all", HtmlReport.Write(report), StringComparison.Ordinal);
    }

    [Fact]
    public void An_audit_of_nothing_is_a_report_too()
    {
        ReportDocument report = Build(["100.00    0.000017           2         8         1 total"]);
        Assert.Contains("Coverage: failed", HtmlReport.Write(report), StringComparison.Ordinal);
        Assert.Contains("None was seen", MarkdownReport.Write(report), StringComparison.Ordinal);
    }

    private static ReportList Verdict(ReportDocument report) => Assert.IsType<ReportList>(report.Sections[0].Blocks[0]);

    private static ReportDocument Build(string[] lines, int rows = 200)
    {
        ImportResult result = Recording.Of(System.Text.Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))), TraceFormat.Strace);
        FakeHost host = new FakeHost("/usr/bin/scan", "/etc/cron.d/job").File("/etc/shadow", 0b110_100_000, 42);
        return ReportBuilder.Build(ProfileBuilder.Build(result, new GeneralOptions(), host), new Scanner(), rows);
    }

    private sealed class Scanner : IPackageOwners
    {
        public string? OwnerOf(string path) => path == "/usr/bin/scan" ? "scanner" : null;

        public string? TreeOf(string path) => null;
    }
}
