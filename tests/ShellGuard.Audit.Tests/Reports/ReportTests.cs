using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Model;
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

    private static readonly string[] Timed =
    [
        "10 1700000000.000000 execve(\"/usr/bin/scan\", [\"scan\", \"--all\"], [\"HOME=/root\", \"API_TOKEN=hunter2\"]) = 0",
        "10 1700000001.000000 fork() = 11",
        "11 1700000001.100000 execve(\"/usr/bin/cat\", [\"cat\"], [\"HOME=/root\", \"LD_PRELOAD=hunter2\"]) = 0",
        "11 1700000001.500000 +++ used: utime=200000 stime=50000 maxrss=1024 +++",
        "11 1700000001.500000 +++ killed by SIGKILL +++",
        "10 1700000002.000000 fork() = 12",
        "10 1700000003.000000 +++ used: utime=1000000 stime=500000 maxrss=20480 rchar=1048576 wchar=2097152 read_bytes=0 write_bytes=3145728 +++",
        "10 1700000003.000000 +++ exited with 2 +++",
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
    public void What_was_put_somewhere_and_where_links_led_counts_as_if_it_had_been_written_and_read_there()
    {
        ReportDocument report = Build(
        [
            "10 execve(\"/usr/bin/scan\", [\"scan\"], 0x7ffe /* 3 vars */) = 0", "10 geteuid() = 0",
            "10 rename(\"/tmp/x\", \"/etc/cron.d/evil\") = 0", "10 rename(\"/tmp/y\", \"/root/.ssh/authorized_keys\") = 0",
            "10 link(\"/etc/shadow\", \"/srv/copy\") = 0", "10 openat(AT_FDCWD, \"/srv/innocent\", O_RDONLY) = 3</etc/gshadow>",
            "10 rename(\"/srv/build\", \"/srv/tool\") = 0", "10 fork() = 11", "11 execve(\"/srv/tool\", [\"tool\"], 0x7ffe /* 3 vars */) = 0",
        ]);
        string[] lines = [.. Verdict(report).Lines.Select(line => line.Text)];
        Assert.Contains("serious: read credentials (1): /etc/gshadow", lines);
        Assert.Contains("serious: changed credentials (2): /etc/shadow, /root/.ssh/authorized_keys", lines);
        Assert.Contains(lines, line => line.StartsWith("serious: changed places from which the host runs something", StringComparison.Ordinal) && line.Contains("/etc/cron.d/evil", StringComparison.Ordinal));
        Assert.Contains("serious: executed what it had written itself (1): /srv/tool", lines);
        ReportTable changes = Assert.IsType<ReportTable>(report.Sections.Single(section => section.Id == "changes").Blocks[0]);
        Assert.Equal(
            ["/etc/cron.d/evil", "/etc/shadow", "/root/.ssh/authorized_keys", "/srv/build", "/srv/copy", "/srv/tool", "/tmp/x", "/tmp/y"],
            changes.Rows.Select(row => row[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Users_have_the_names_that_the_host_gave_them()
    {
        ReportDocument report = Build(Scan, change: result => result with { Users = [new SeenUser(0, "root"), new SeenUser(33, "www<b>")] });
        Assert.Contains("; ran as root, user www<b> (33); 1 run.", Verdict(report).Lines[0].Text, StringComparison.Ordinal);
        string page = HtmlReport.Write(report);
        Assert.Contains("user www&lt;b&gt; (33)", page, StringComparison.Ordinal);
        Assert.DoesNotContain("www<b>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_socket_that_only_asks_for_its_address_is_no_connection()
    {
        string Connect(int socket, int port) =>
            $"10 connect({socket}, {{sa_family=AF_INET, sin_port=htons({port}), sin_addr=inet_addr(\"198.51.100.7\")}}, 16) = 0";
        ReportDocument report = Build(
        [
            "10 execve(\"/usr/bin/scan\", [\"scan\"], 0x7ffe /* 3 vars */) = 0",
            "10 socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 3", Connect(3, 443), "10 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 4", Connect(4, 443),
            "10 socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 5", Connect(5, 53), Connect(5, 123),
        ]);
        Assert.Contains(
            Verdict(report).Lines, line => line.Text == "It connected to 3: 198.51.100.7:123/udp, 198.51.100.7:443/tcp, 198.51.100.7:53/udp");
        ReportTable peers = Assert.IsType<ReportTable>(report.Sections.Single(section => section.Id == "network").Blocks[0]);
        Assert.Equal(
            ["198.51.100.7:443/udp"], peers.Rows.Where(row => row.Contains("address selection: sends nothing")).Select(row => row[0]));
        Assert.Equal(4, peers.Rows.Count);
    }

    [Fact]
    public void The_evidence_names_the_kernel_where_the_recording_does()
    {
        ReportTable Recordings(string[] lines) =>
            Assert.IsType<ReportTable>(Build(lines).Sections.Single(section => section.Id == "evidence").Blocks[0]);
        Assert.Equal(["recording", "form", "lines", "bytes", "sha256"], Recordings(Scan).Columns);
        ReportTable own = Recordings(["shellguard: recorded by ptrace on Linux 6.18.5 x86_64", .. Scan]);
        Assert.Equal(["recording", "form", "kernel", "lines", "bytes", "sha256"], own.Columns);
        Assert.Equal("Linux 6.18.5 x86_64", own.Rows[0][2]);
    }

    [Fact]
    public void Of_a_container_without_its_root_the_verdict_says_whose_files_were_judged()
    {
        const string warning = "Not its own files: the paths are a container's";
        Assert.Contains(
            Verdict(Build(Scan, change: result => result with { IsOfContainer = true })).Lines,
            line => line.Text.StartsWith(warning, StringComparison.Ordinal));
        Assert.DoesNotContain(Verdict(Build(Scan)).Lines, line => line.Text.StartsWith(warning, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_part_of_the_demand_is_a_section()
    {
        ReportDocument report = Build(Scan);
        Assert.Equal(
            [
                "verdict", "changes", "network", "executed", "processes", "timeline", "resources", "privileges", "not-as-root", "delegations", "sensitivity", "directories", "packages", "denied",
                "environment", "static", "evidence", "limits",
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
    public void Processes_stand_against_the_time()
    {
        ReportDocument report = Build(Timed);
        ReportSection times = report.Sections.Single(section => section.Id == "timeline");
        Assert.Equal("Began 2023-11-14 22:13:20 UTC, 3.000 s, 3 processes, at most 2 at once.", Assert.IsType<ReportPicture>(times.Blocks[0]).Caption);
        ReportTable table = Assert.IsType<ReportTable>(times.Blocks[1]);
        Assert.Equal(
            [
                "0.000|3.000|/usr/bin/scan|scan --all|10|status 2|1.500|20.0",
                "1.000|0.500|/usr/bin/cat|cat|11|SIGKILL|0.250|1.0",
                "2.000||fork of /usr/bin/scan||12|not seen||",
            ],
            table.Rows.Select(row => string.Join('|', row)));
        ReportTable used = Assert.IsType<ReportTable>(Assert.Single(report.Sections.Single(section => section.Id == "resources").Blocks));
        Assert.Equal(
            ["lasted (s)=3.000", "processes=3", "at once=2", "in programs (s)=1.000", "in the kernel (s)=0.500", "memory (MiB)=20.0", "read (MiB)=1.0", "written (MiB)=2.0", "from disks (MiB)=0.0", "to disks (MiB)=3.0"],
            used.Rows.Select(row => $"{row[0]}={row[1]}"));
        Assert.Contains(Verdict(report).Lines, line => line.Text == "It used 1.500 s of processor time and at most 20.0 MiB for one process, in 3 processes and 3.000 s.");
    }

    [Fact]
    public void Variables_have_names_and_no_values()
    {
        ReportDocument report = Build(Timed);
        ReportTable table = Assert.IsType<ReportTable>(Assert.Single(report.Sections.Single(section => section.Id == "environment").Blocks));
        Assert.Equal(
            ["API_TOKEN|masked|looks like a secret|to the command|1", "LD_PRELOAD|masked|makes programs load or run something|by the command|1", "HOME|masked||to the command|2"],
            table.Rows.Select(row => string.Join('|', row)));
        Assert.Contains(Verdict(report).Lines, line => line.Text == "It was given 2 variables, of which 1 looks like a secret.");
        Assert.DoesNotContain("hunter2", HtmlReport.Write(report) + MarkdownReport.Write(report) + JsonReport.Write(report), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_recorded_is_said_to_be_unknown()
    {
        ReportDocument report = Build(Scan);
        string About(string id) => report.Sections.Single(section => section.Id == id).Intro;
        Assert.StartsWith("The recording does not show when processes began", About("timeline"), StringComparison.Ordinal);
        Assert.StartsWith("Time, memory and bytes are not known", About("resources"), StringComparison.Ordinal);
        Assert.StartsWith("The recording does not have the variables", About("environment"), StringComparison.Ordinal);
        Assert.Contains("is not known", About("static"), StringComparison.Ordinal);
    }

    [Fact]
    public void More_powerful_than_who_started_it()
    {
        string[] lines = ["10 execve(\"/usr/bin/passwd\", [\"passwd\"], 0x7ffe /* 3 vars */) = 0", "10 execve(\"/usr/bin/scan\", [\"scan\"], 0x7ffe /* 3 vars */) = 0"];
        ImportResult result = Recording.Of(lines);
        FakeHost host = new FakeHost("/usr/bin/scan").File("/usr/bin/passwd", 0b100_111_101_101, 0);
        ReportDocument report = ReportBuilder.Build(ProfileBuilder.Build(result, new GeneralOptions(), host), new Scanner(), host: host);
        ReportTable table = Assert.IsType<ReportTable>(Assert.Single(report.Sections.Single(section => section.Id == "static").Blocks));
        Assert.Equal(["/usr/bin/passwd", "runs as root, whoever starts it (set-user-ID)"], Assert.Single(table.Rows));
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
            (HashSet<string>)["body", "b", "h1", "h2", "section", "p", "nav", "ul", "li", "a", "table", "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "svg", "defs", "pattern", "rect", "text", "path"],
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
        JsonElement changes = json.RootElement.GetProperty("sections").GetProperty("changes").GetProperty("blocks")[0].GetProperty("rows");
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
        Assert.Contains(Verdict(report).Lines, line => line.Text.StartsWith("Coverage: failed", StringComparison.Ordinal));
        Assert.Contains("None was seen", MarkdownReport.Write(report), StringComparison.Ordinal);
    }

    private static ReportList Verdict(ReportDocument report) => Assert.IsType<ReportList>(report.Sections[0].Blocks[0]);

    private static ReportDocument Build(string[] lines, int rows = 200, Func<ImportResult, ImportResult>? change = null)
    {
        ImportResult result = Recording.Of(System.Text.Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))), TraceFormat.Strace);
        FakeHost host = new FakeHost("/usr/bin/scan", "/etc/cron.d/job").File("/etc/shadow", 0b110_100_000, 42);
        return ReportBuilder.Build(ProfileBuilder.Build(change?.Invoke(result) ?? result, new GeneralOptions(), host), new Scanner(), rows, host);
    }

    private sealed class Scanner : IPackageOwners
    {
        public string? OwnerOf(string path) => path == "/usr/bin/scan" ? "scanner" : null;

        public string? TreeOf(string path) => null;
    }
}
