using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Reports;
using ShellGuard.Audit.Reports.Document;
using ShellGuard.Audit.Reports.Findings;
using ShellGuard.Audit.Tests.Profiles;

namespace ShellGuard.Audit.Tests.Reports;

/// <summary>The report as a page: on paper, without colour, without anything from elsewhere, and with its pictures where
/// they belong.</summary>
public sealed class ReportPageTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static readonly string[] Run =
    [
        "10 1700000000.000000 execve(\"/usr/bin/scan\", [\"scan\", \"--all\"], [\"HOME=/root\"]) = 0",
        "10 1700000000.100000 openat(AT_FDCWD, \"/srv/in/a\", O_RDONLY) = 3", "10 1700000000.200000 openat(AT_FDCWD, \"/srv/in/b\", O_RDONLY) = 3",
        "10 1700000000.300000 openat(AT_FDCWD, \"/srv/out/report\", O_WRONLY|O_CREAT, 0644) = 3",
        "10 1700000001.000000 fork() = 11",
        "11 1700000001.100000 execve(\"/usr/bin/cat\", [\"cat\", \"<script>\"], [\"HOME=/root\"]) = 0",
        "11 1700000001.500000 +++ killed by SIGKILL +++", "10 1700000002.000000 fork() = 12", "12 1700000002.500000 +++ exited with 0 +++",
        "10 1700000003.000000 +++ exited with 2 +++",
    ];

    /// <summary>What the method cannot see, each in words of the report.</summary>
    private static readonly string[] Limits =
    [
        "Only what happened in the recorded runs is here", "what is written through a mapping or by io_uring is not seen", "What services do on behalf of the command is not seen",
        "Answers of DNS are not recorded", "Processor time of processes that nobody waited for", "What variables a program reads, which capabilities the kernel checks",
        "Packages and file modes are those of the host on which this report was made", "What was looked for and not there is counted, not listed",
    ];

    [Fact]
    public void On_paper_the_verdict_is_a_page_and_nothing_is_torn()
    {
        string style = Page(Build(Run)).Descendants("style").Single().Value;
        string print = Regex.Match(style, @"@media print\{(?<rules>.*)\}\s*$", RegexOptions.Singleline, TimeSpan.FromSeconds(10)).Groups["rules"].Value;
        Assert.Contains("#verdict{break-after:page}", print, StringComparison.Ordinal);
        Assert.Contains("nav{display:none}", print, StringComparison.Ordinal);
        Assert.Contains("tr,figure,li{break-inside:avoid}", print, StringComparison.Ordinal);
        Assert.Contains("h2{break-after:avoid}", print, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("processes", "Programs as a tree")]
    [InlineData("directories", "Files by directory")]
    [InlineData("timeline", "Processes as a time line")]
    public void A_section_has_its_picture(string section, string label)
    {
        XElement figure = Assert.Single(Page(Build(Run)).Descendants("section").Single(element => element.Attribute("id")?.Value == section).Elements("figure"));
        XElement picture = Assert.Single(figure.Elements(Svg + "svg"));
        Assert.Equal(("img", label), (picture.Attribute("role")?.Value, picture.Attribute("aria-label")?.Value));
        Assert.NotEmpty(Assert.Single(figure.Elements("figcaption")).Value);
        Assert.True(Texts(picture).Length > 2);
    }

    /// <summary>What a colour says a pattern says too, and a word or a number beside it.</summary>
    [Fact]
    public void Pictures_are_read_without_colour()
    {
        XElement[] pictures = [.. Page(Build(Run)).Descendants(Svg + "svg")];
        XElement tree = pictures[0], times = pictures[1], directories = pictures[2];
        Assert.Subset(new HashSet<string>(Texts(tree)), (HashSet<string>)["scan", "cat"]);

        // The bars: one colour for what is as usual, one pattern for what is not.
        foreach ((XElement picture, int bars) in (ReadOnlySpan<(XElement, int)>)[(times, 2), (directories, 2)])
        {
            string pattern = $"url(#{Assert.Single(picture.Descendants(Svg + "pattern")).Attribute("id")!.Value})";
            string[] fills = [.. picture.Elements(Svg + "rect").Select(bar => bar.Attribute("fill")!.Value)];
            Assert.Equal(bars, fills.Count(fill => fill == pattern));
            Assert.Equal("#8fa9c4", Assert.Single(fills.Where(fill => fill != pattern).Distinct()));
        }

        Assert.Contains(Texts(times), text => text.EndsWith("s SIGKILL", StringComparison.Ordinal));
        Assert.Contains(Texts(times), text => text.EndsWith("s status 2", StringComparison.Ordinal));
        string[] words = Texts(directories);
        Assert.Equal(["read", "changed"], words.Take(2));
        Assert.Equal(["/srv", "2", "1"], words.SkipWhile(text => text != "/srv").Take(3));
    }

    [Fact]
    public void Names_of_things_stand_once_also_where_each_run_has_a_picture()
    {
        string[] names = [.. Page(Build(Run, Run)).Descendants().Attributes("id").Select(name => name.Value)];
        Assert.Contains("failed-1", names);
        Assert.Equal(names.Distinct(), names);
    }

    [Fact]
    public void The_limits_of_the_method_stand_in_each_form()
    {
        ReportDocument report = Build(Run);
        string[] lines = [.. Assert.IsType<ReportList>(Assert.Single(report.Sections.Single(section => section.Id == "limits").Blocks)).Lines.Select(line => line.Text)];
        Assert.Equal(Limits.Length, lines.Length);
        Assert.All(Limits.Zip(lines), limit => Assert.Contains(limit.First, limit.Second, StringComparison.Ordinal));
        Assert.Equal("limits", report.Sections[^1].Id);

        string[] page = [.. Page(report).Descendants("section").Single(section => section.Attribute("id")?.Value == "limits").Descendants("li").Select(line => line.Value)];
        Assert.Equal(lines, page);
        string markdown = MarkdownReport.Write(report);
        Assert.Equal(lines, markdown[markdown.IndexOf("## Limits of the method", StringComparison.Ordinal)..].Split('\n').Where(line => line.StartsWith("- ", StringComparison.Ordinal))
            .Select(line => Regex.Replace(line[2..], @"\\(?<letter>.)", "${letter}", RegexOptions.None, TimeSpan.FromSeconds(10))));
        using JsonDocument json = JsonDocument.Parse(JsonReport.Write(report));
        Assert.Equal(lines, json.RootElement.GetProperty("sections").GetProperty("limits").GetProperty("blocks")[0].GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("text").GetString()));
    }

    [Fact]
    public void Nothing_runs_and_nothing_comes_from_elsewhere()
    {
        string html = HtmlReport.Write(Build(Run));
        XDocument page = Page(Build(Run));
        Assert.DoesNotContain(page.Descendants(), element => element.Name.LocalName is "script" or "link" or "img" or "image" or "iframe" or "object" or "embed" or "use" or "foreignObject" or "base" or "form" or "animate");
        Assert.DoesNotContain(page.Descendants().Attributes(), attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal)
            || attribute.Name.LocalName is "src" or "srcset" or "data" or "action" or "background" or "poster");
        Assert.All(page.Descendants().Attributes().Where(attribute => attribute.Name.LocalName == "href"), link => Assert.StartsWith("#", link.Value, StringComparison.Ordinal));
        Assert.DoesNotMatch(@"url\((?!#)|@import|@font-face|javascript:|expression\(", html);
        Assert.Equal(
            "default-src 'none'; style-src 'unsafe-inline'",
            page.Descendants("meta").Single(meta => meta.Attribute("http-equiv")?.Value == "Content-Security-Policy").Attribute("content")!.Value);

        // The only address is the name of the language of pictures, which nobody fetches.
        Assert.DoesNotContain("//", html.Replace($"xmlns=\"{Svg.NamespaceName}\"", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("cat &#39;&lt;script&gt;&#39;", html, StringComparison.Ordinal);
    }

    /// <summary>From the bytes of an audit on, as often as one likes.</summary>
    [Fact]
    public void The_same_input_gives_the_same_bytes_in_each_form()
    {
        byte[] one = AuditSample.Write(Recording.Of(Run)), two = AuditSample.Write(Recording.Of(Run));
        Assert.Equal(one, two);
        foreach (Func<ReportDocument, string> write in (Func<ReportDocument, string>[])[HtmlReport.Write, MarkdownReport.Write, JsonReport.Write])
        {
            string[] written = [.. ((byte[][])[one, two, one]).Select(bytes => write(Build(AuditSample.Read(bytes).File!)))];
            Assert.Single(written.Distinct(StringComparer.Ordinal));
            Assert.Single(Enumerable.Range(0, 2).Select(_ => write(Build(Run, Run))).Distinct(StringComparer.Ordinal));
        }
    }

    private static string[] Texts(XElement picture) => [.. picture.Descendants(Svg + "text").Select(text => text.Value)];

    /// <summary>As XML, which needs the ends of the few elements that have none in HTML.</summary>
    private static XDocument Page(ReportDocument report) => XDocument.Parse(
        Regex.Replace(HtmlReport.Write(report).Replace("<!DOCTYPE html>\n", "", StringComparison.Ordinal), "<meta (?<rest>[^>]*)>", "<meta ${rest}/>", RegexOptions.None, TimeSpan.FromSeconds(10)));

    private static ReportDocument Build(params string[][] runs) => runs.Length == 1
        ? Build(AuditSample.Of(runs[0]))
        : Build(AuditSample.Again(AuditMerge.Of(runs.Select((lines, number) => new NamedAudit($"{number}.audit", AuditSample.Of(lines))))));

    private static ReportDocument Build(AuditFile audit)
    {
        FakeHost host = new FakeHost("/usr/bin/scan", "/usr/bin/cat", "/srv/in/a", "/srv/in/b").Directory("/srv/out");
        return ReportBuilder.Build(ProfileBuilder.Build(audit.Result, new GeneralOptions(), host), NoPackages.Instance, host: host);
    }
}
